"""Rename index ix_orders_status_code of orders to ix_orders_state

Plan     rename-index-ix-orders-status-code-to-ix-orders-state · expand · 1 of 1
Deploy   at any time
Up       SHARE UPDATE EXCLUSIVE on ix_orders_status_code: reads and writes go on
Down     SHARE UPDATE EXCLUSIVE on ix_orders_state: reads and writes go on · lossless
Models   Order: Meta.indexes: models.Index(name="ix_orders_state")
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RenameIndex(
            model_name="order",
            new_name="ix_orders_state",
            old_name="ix_orders_status_code",
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
