"""End the sync of status_code and status of orders

Plan     rename-orders-status-code · contract · 5 of 6
Deploy   a release later, when every running instance uses only status
Up       metadata lock on orders, < 10 ms, waits at most 2 s
Down     metadata lock on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0010_set_default_of_orders_status"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_insert
                """,
                """
                    DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_update
                """,
            ],
            reverse_sql=[
                """
                    DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_insert
                """,
                """
                    CREATE TRIGGER zz_sync_orders_status_code_status_insert BEFORE INSERT ON orders FOR EACH ROW
                    SET NEW.status_code = IF(NEW.status IS NOT NULL, NEW.status, NEW.status_code),
                        NEW.status = IF(NEW.status IS NOT NULL, NEW.status, NEW.status_code)
                """,
                """
                    DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_update
                """,
                """
                    CREATE TRIGGER zz_sync_orders_status_code_status_update BEFORE UPDATE ON orders FOR EACH ROW
                    SET NEW.status_code = IF((NOT (CAST(NEW.status AS BINARY) <=> CAST(OLD.status AS BINARY))), NEW.status, NEW.status_code),
                        NEW.status = NEW.status_code
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
