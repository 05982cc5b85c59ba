"""Add remark to orders

Plan     rename-orders-note · expand · 1 of 2
Deploy   before the deploy of the code that uses remark
Up       RESERVED on orders, < 10 ms, waits at most 2 s
Down     EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
         writes wait · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        # Every value stands in note too.
        migrations.RunSQL(
            ["ALTER TABLE orders ADD COLUMN remark TEXT"],
            reverse_sql=["ALTER TABLE orders DROP COLUMN remark"],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
