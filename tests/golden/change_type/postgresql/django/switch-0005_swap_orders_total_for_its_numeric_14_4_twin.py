"""Swap orders.total for its numeric(14,4) twin

Plan     change-type-orders-total · switch · 2 of 2
Deploy   after the deploy that copes with both types; then recycle connections: prepared statements
         of orders fail until then
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until orders.total holds
         a value that numeric(10,2) cannot hold
Models   Order: total = models.DecimalField(max_digits=14, decimal_places=4)
"""

from django.db import migrations, models


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id
            FROM orders
            WHERE NOT (abs(total) < 100000000 AND total = round(total, 2))
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "the way back is closed: orders.total holds values that numeric(10,2) "
                "cannot hold"
            )


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0004_check_that_total_new_of_orders_is_complete"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                "DROP TRIGGER zz_sync_orders_total_total_new ON orders",
                "DROP FUNCTION zz_sync_orders_total_total_new()",
                "ALTER TABLE orders RENAME COLUMN total TO total_old",
                "ALTER TABLE orders RENAME COLUMN total_new TO total",
                """
                    CREATE FUNCTION zz_sync_orders_total_old_total() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
                    BEGIN
                        IF TG_OP = 'INSERT' OR NEW.total IS DISTINCT FROM OLD.total THEN
                            NEW.total_old := CASE WHEN abs(NEW.total) < 100000000 AND NEW.total = round(NEW.total, 2) THEN NEW.total END;
                        END IF;
                        RETURN NEW;
                    END
                    $migwiz$
                """,
                """
                    CREATE TRIGGER zz_sync_orders_total_old_total
                        BEFORE INSERT OR UPDATE
                        ON orders
                        FOR EACH ROW
                        EXECUTE FUNCTION zz_sync_orders_total_old_total()
                """,
            ],
            reverse_sql=[
                "DROP TRIGGER zz_sync_orders_total_old_total ON orders",
                "DROP FUNCTION zz_sync_orders_total_old_total()",
                "ALTER TABLE orders RENAME COLUMN total TO total_new",
                "ALTER TABLE orders RENAME COLUMN total_old TO total",
                """
                    CREATE FUNCTION zz_sync_orders_total_total_new() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
                    BEGIN
                        NEW.total_new := NEW.total;
                        RETURN NEW;
                    END
                    $migwiz$
                """,
                """
                    CREATE TRIGGER zz_sync_orders_total_total_new
                        BEFORE INSERT OR UPDATE
                        ON orders
                        FOR EACH ROW
                        EXECUTE FUNCTION zz_sync_orders_total_total_new()
                """,
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="total",
                    field=models.DecimalField(max_digits=14, decimal_places=4),
                ),
            ],
        ),
        # The way back looks first whether every value still has a place.
        migrations.RunPython(migrations.RunPython.noop, check_rows, elidable=True),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
