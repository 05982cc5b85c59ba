"""Drop ix_orders_status_code

Plan     drop-orders-status-code · contract · 1 of 7
Deploy   a release later, when no running instance names orders.status_code
Up       SHARE UPDATE EXCLUSIVE on orders: reads and writes go on
Down     SHARE UPDATE EXCLUSIVE on orders while building, 1–7 min: reads and writes go on · lossless
Models   Order: no index ix_orders_status_code
"""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    # A concurrent build or drop cannot run in a transaction.
    atomic = False

    dependencies = []

    operations = [
        RemoveIndexConcurrently(model_name="order", name="ix_orders_status_code"),
    ]
