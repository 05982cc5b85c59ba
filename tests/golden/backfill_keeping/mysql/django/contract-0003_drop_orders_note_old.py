"""Drop orders_note_old

Plan     fill-orders-note · contract · 1 of 1
Deploy   when nobody will want the old values back: days or weeks later
Up       metadata lock on orders_note_old, < 10 ms, waits at most 2 s
Down     not possible: the old values of orders went with orders_note_old
Models   OrdersNoteOld: delete the class
"""

from django.db import migrations
from django.db.migrations.exceptions import IrreversibleError


def refuse(apps, schema_editor):
    raise IrreversibleError("the old values of orders went with orders_note_old")


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0002_fill_orders_note"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            ["DROP TABLE orders_note_old"],
            reverse_sql=migrations.RunSQL.noop,
            state_operations=[migrations.DeleteModel(name="ordersnoteold")],
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse),
    ]
