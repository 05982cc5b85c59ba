"""Drop note from orders

Plan     rename-orders-note · contract · 2 of 2
Deploy   a release later, when every running instance uses only remark
Up       EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
         writes wait
Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: remark = models.TextField()   # instead of note
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0004_check_that_note_and_remark_of_orders_agree"),
    ]

    operations = [
        migrations.RunSQL(
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                "DROP TRIGGER zz_sync_orders_note_remark",
                "DROP TRIGGER zz_sync_orders_note_remark_update",
            ],
            reverse_sql=[
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
        ),
        # The downgrade fills note again from remark.
        migrations.RunSQL(
            ["ALTER TABLE orders DROP COLUMN note"],
            reverse_sql=["ALTER TABLE orders ADD COLUMN note TEXT"],
            state_operations=[
                migrations.RenameField(
                    model_name="order", old_name="note", new_name="remark"
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
