"""Drop total_old from orders

Plan     change-type-orders-total · contract · 2 of 2
Deploy   a release later, when every running instance uses orders.total as numeric(14,4)
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until orders.total holds
         a value that numeric(10,2) cannot hold
Models   Order: no total_old
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0006_fill_total_old_of_orders_on_the_way_back"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                "DROP TRIGGER zz_sync_orders_total_old_total ON orders",
                "DROP FUNCTION zz_sync_orders_total_old_total()",
            ],
            reverse_sql=[
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
        ),
        # The downgrade fills total_old again from total.
        migrations.RunSQL(
            "ALTER TABLE orders DROP COLUMN total_old",
            reverse_sql="ALTER TABLE orders ADD COLUMN total_old numeric(10,2)",
            state_operations=[
                migrations.RemoveField(model_name="order", name="total_old")
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
