"""Put ck_orders_status_new in the place of ck_orders_status

Plan     change-ck-orders-status-of-orders · validate · 2 of 2
Deploy   after expand
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a row breaks the
         earlier ck_orders_status
Models   Order: no constraint ck_orders_status
"""

from django.db import migrations


def rename_constraint(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            ALTER TABLE orders RENAME CONSTRAINT ck_orders_status_new TO ck_orders_status
        """)


def rename_constraint_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM orders WHERE NOT (status_code <> '') LIMIT 5")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "orders holds rows for which status_code <> '' does not hold: mend "
                "them before ck_orders_status forbids them"
            )
        cursor.execute("""
            ALTER TABLE orders RENAME CONSTRAINT ck_orders_status TO ck_orders_status_new
        """)


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0002_validate_ck_orders_status_new_of_orders"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "ALTER TABLE orders DROP CONSTRAINT ck_orders_status",
            reverse_sql="""
                ALTER TABLE orders ADD CONSTRAINT ck_orders_status CHECK (status_code <> '') NOT VALID
            """,
            state_operations=[
                migrations.RemoveConstraint(model_name="order", name="ck_orders_status")
            ],
        ),
        migrations.RunPython(rename_constraint, rename_constraint_back),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
