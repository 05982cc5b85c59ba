"""Change orders.total to decimal(14,4)

Plan     change-type-orders-total · switch · 1 of 1
Deploy   after the deploy that copes with both types
Tool     pt-online-schema-change does this in production, where the table is large; then this file
         is marked as run
Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends
Down     COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends · lossless until orders.total holds a value that
         decimal(10,2) cannot hold
Models   Order: total = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
"""

from django.db import migrations, models


def change_type(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SET STATEMENT sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES') FOR ALTER TABLE orders MODIFY COLUMN total decimal(14,4) NULL DEFAULT NULL,
                ALGORITHM=COPY,
                LOCK=SHARED
        """)


def change_type_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id
            FROM orders
            WHERE NOT (abs(total) < 100000000 AND total = round(total, 2))
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "the way back is closed: orders.total holds values that decimal(10,2) "
                "cannot hold"
            )
        cursor.execute("""
            SET STATEMENT sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES') FOR ALTER TABLE orders MODIFY COLUMN total decimal(10,2) NULL DEFAULT NULL,
                ALGORITHM=COPY,
                LOCK=SHARED
        """)


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(change_type, change_type_back)],
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="total",
                    field=models.DecimalField(
                        max_digits=14, decimal_places=4, null=True, blank=True
                    ),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
