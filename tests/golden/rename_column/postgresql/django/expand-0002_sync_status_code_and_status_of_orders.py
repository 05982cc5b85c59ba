"""Sync status_code and status of orders

Plan     rename-orders-status-code · expand · 2 of 2
Deploy   before the deploy of the code that uses status
Up       SHARE ROW EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_add_status_to_orders"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    CREATE FUNCTION zz_sync_orders_status_code_status() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
                    BEGIN
                        IF TG_OP = 'INSERT' THEN
                            IF NEW.status IS NOT NULL THEN
                                NEW.status_code := NEW.status;
                            ELSE
                                NEW.status := NEW.status_code;
                            END IF;
                        ELSIF NEW.status IS DISTINCT FROM OLD.status THEN
                            NEW.status_code := NEW.status;
                        ELSIF NEW.status_code IS DISTINCT FROM OLD.status_code THEN
                            NEW.status := NEW.status_code;
                        END IF;
                        RETURN NEW;
                    END
                    $migwiz$
                """,
                """
                    CREATE TRIGGER zz_sync_orders_status_code_status
                        BEFORE INSERT OR UPDATE
                        ON orders
                        FOR EACH ROW
                        EXECUTE FUNCTION zz_sync_orders_status_code_status()
                """,
            ],
            reverse_sql=[
                "DROP TRIGGER zz_sync_orders_status_code_status ON orders",
                "DROP FUNCTION zz_sync_orders_status_code_status()",
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
