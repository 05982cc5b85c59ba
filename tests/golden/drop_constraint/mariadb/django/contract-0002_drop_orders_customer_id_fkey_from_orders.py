"""Drop orders_customer_id_fkey from orders

Plan     drop-orders-customer-id-fkey-from-orders · contract · 2 of 2
Deploy   when no running code counts on the constraint
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until a row breaks
         orders_customer_id_fkey
Models   Order: customer = models.ForeignKey(to="app.customer", on_delete=models.PROTECT,
         db_constraint=False)
"""

from django.db import migrations, models


def drop_constraint(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            ALTER TABLE orders DROP FOREIGN KEY orders_customer_id_fkey, ALGORITHM=INSTANT
        """)


def add_foreign_key_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT child.id
            FROM orders AS child
            WHERE child.customer_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.customer_id)
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "rows of orders point to rows of customers that do not exist"
            )
        cursor.execute("""
            SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
                ALGORITHM=INSTANT
        """)


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_prove_orders_customer_id_fkey_on_the_way_back"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(drop_constraint, add_foreign_key_back)
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="customer",
                    field=models.ForeignKey(
                        to="app.customer", on_delete=models.PROTECT, db_constraint=False
                    ),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
