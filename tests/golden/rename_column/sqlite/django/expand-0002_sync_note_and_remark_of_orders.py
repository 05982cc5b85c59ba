"""Sync note and remark of orders

Plan     rename-orders-note · expand · 2 of 2
Deploy   before the deploy of the code that uses remark
Up       RESERVED on orders, < 10 ms, waits at most 2 s
Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_add_remark_to_orders"),
    ]

    operations = [
        migrations.RunSQL(
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                "SELECT rowid FROM orders LIMIT 0",
                """
                    CREATE TRIGGER zz_sync_orders_note_remark AFTER INSERT ON orders FOR EACH ROW
                    WHEN NEW.remark IS NOT NEW.note
                    BEGIN
                        UPDATE orders SET note = coalesce(NEW.remark, NEW.note),
                            remark = coalesce(NEW.remark, NEW.note)
                        WHERE rowid = NEW.rowid;
                    END
                """,
                """
                    CREATE TRIGGER zz_sync_orders_note_remark_update AFTER UPDATE ON orders FOR EACH ROW
                    WHEN NEW.remark IS NOT NEW.note
                        AND (NEW.remark IS NOT OLD.remark OR NEW.note IS NOT OLD.note)
                    BEGIN
                        UPDATE orders SET
                            note = CASE WHEN NEW.remark IS NOT OLD.remark THEN NEW.remark ELSE NEW.note END,
                            remark = CASE WHEN NEW.remark IS NOT OLD.remark THEN NEW.remark ELSE NEW.note END
                        WHERE rowid = NEW.rowid;
                    END
                """,
            ],
            reverse_sql=[
                "DROP TRIGGER zz_sync_orders_note_remark",
                "DROP TRIGGER zz_sync_orders_note_remark_update",
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
