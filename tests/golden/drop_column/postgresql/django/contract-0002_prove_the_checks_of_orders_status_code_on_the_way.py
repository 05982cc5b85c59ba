"""Prove the checks of orders.status_code on the way back

Plan     drop-orders-status-code · contract · 2 of 7
Deploy   a release later, when no running instance names orders.status_code
Up       no lock
Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on ·
         lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_drop_ix_orders_status_code"),
    ]

    operations = [
        # Only the downgrade has work to do: it proves orders.status_code again.
        migrations.RunSQL(
            migrations.RunSQL.noop,
            reverse_sql="ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status",
        ),
    ]
