"""Drop ck_orders_status from orders

Plan     change-ck-orders-status-of-orders · expand · 2 of 2
Deploy   after the deploy whose code writes only rows with status_code IN ('new', 'paid', 'sent')
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends · lossless until a row breaks the earlier
         ck_orders_status
Models   Order: no constraint ck_orders_status
"""

from django.db import migrations


def drop_constraint(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            ALTER TABLE orders DROP CHECK ck_orders_status, ALGORITHM=INSTANT
        """)


def add_check_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM orders WHERE NOT (status_code <> '') LIMIT 5")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "orders holds rows for which status_code <> '' does not hold: mend "
                "them before ck_orders_status forbids them"
            )
        cursor.execute("""
            ALTER TABLE orders
                ADD CONSTRAINT ck_orders_status
                CHECK (status_code <> ''), ALGORITHM=COPY, LOCK=SHARED
        """)


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_add_ck_orders_status_new_to_orders"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop_constraint, add_check_back)],
            state_operations=[
                migrations.RemoveConstraint(model_name="order", name="ck_orders_status")
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
