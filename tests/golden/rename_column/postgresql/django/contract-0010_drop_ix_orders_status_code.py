"""Drop ix_orders_status_code

Plan     rename-orders-status-code · contract · 1 of 5
Deploy   a release later, when every running instance uses only status
Up       SHARE UPDATE EXCLUSIVE on orders: reads and writes go on
Down     SHARE UPDATE EXCLUSIVE on orders while building, 1–7 min: reads and writes go on · lossless
Models   Order: no index ix_orders_status_code
"""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    # A concurrent build or drop cannot run in a transaction.
    atomic = False

    dependencies = [
        ("app", "0009_require_orders_status"),
    ]

    operations = [
        RemoveIndexConcurrently(model_name="order", name="ix_orders_status_code"),
    ]
