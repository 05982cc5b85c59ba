"""Prove orders_customer_id_fkey on the way back

Plan     drop-orders-customer-id-fkey-from-orders · contract · 1 of 2
Deploy   when no running code counts on the constraint
Up       no lock
Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on ·
         lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        # Only the downgrade has work to do: it proves orders_customer_id_fkey.
        migrations.RunSQL(
            migrations.RunSQL.noop,
            reverse_sql="""
                ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey
            """,
        ),
    ]
