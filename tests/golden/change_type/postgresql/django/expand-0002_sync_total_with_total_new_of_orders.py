"""Sync total with total_new of orders

Plan     change-type-orders-total · expand · 2 of 2
Deploy   before the deploy of the code that uses orders.total as numeric(14,4)
Up       SHARE ROW EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_add_total_new_to_orders"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
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
            reverse_sql=[
                "DROP TRIGGER zz_sync_orders_total_total_new ON orders",
                "DROP FUNCTION zz_sync_orders_total_total_new()",
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
