"""Drop the proof of orders.customer_id

Plan     no-longer-require-orders-customer-id · expand · 2 of 2
Deploy   after the deploy whose code copes with NULL, before any code writes one
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a NULL is written
         to customer_id
Models   Order: no constraint orders_customer_id_required
"""

from django.db import migrations


def drop_constraint(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders DROP CONSTRAINT orders_customer_id_required")


def add_check_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM orders WHERE customer_id IS NULL LIMIT 5")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "orders.customer_id still holds NULLs: fill them before it becomes "
                "required"
            )
        cursor.execute("""
            ALTER TABLE orders
                ADD CONSTRAINT orders_customer_id_required
                CHECK (customer_id IS NOT NULL) NOT VALID
        """)


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_no_longer_require_orders_customer_id"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop_constraint, add_check_back)],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="order", name="orders_customer_id_required"
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
