"""No longer require orders.customer_id

Plan     no-longer-require-orders-customer-id · expand · 1 of 1
Deploy   after the deploy whose code copes with NULL, before any code writes one
Tool     pt-online-schema-change does this in production, where the table is large; then this file
         is marked as run
Up       INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time
Down     INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time ·
         lossless until a NULL is written to customer_id
Models   Order: customer_id = models.BigIntegerField(null=True)
"""

from django.db import migrations, models


def drop_not_null(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            ALTER TABLE orders MODIFY COLUMN customer_id bigint NULL DEFAULT NULL,
                ALGORITHM=INPLACE,
                LOCK=NONE
        """)


def set_not_null_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM orders WHERE customer_id IS NULL LIMIT 5")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "orders.customer_id still holds NULLs: fill them before it becomes "
                "required"
            )
        cursor.execute("SET @sql_mode_before = @@SESSION.sql_mode")
        cursor.execute("""
            SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')
        """)
        cursor.execute("""
            ALTER TABLE orders MODIFY COLUMN customer_id bigint NOT NULL,
                ALGORITHM=INPLACE,
                LOCK=NONE
        """)
        cursor.execute("SET SESSION sql_mode = @sql_mode_before")


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(drop_not_null, set_not_null_back)
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="customer_id",
                    field=models.BigIntegerField(null=True),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
