"""Drop note and total from orders

Plan     merge-orders-remark · contract · 2 of 2
Deploy   a release later, when every running instance uses only remark
Up       EXCLUSIVE on orders while writing the table anew, 13–40 min, waits at most 2 s: reads and
         writes wait
Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: remark = models.TextField(null=True, blank=True)
Models   Order: no note
Models   Order: no total
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0004_check_that_remark_of_orders_says_what_note_and_total"),
    ]

    operations = [
        migrations.RunSQL(
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                "DROP TRIGGER zz_sync_orders_note_total_remark",
                "DROP TRIGGER zz_sync_orders_note_total_remark_update",
            ],
            reverse_sql=[
                "SELECT rowid FROM orders LIMIT 0",
                """
                    CREATE TRIGGER zz_sync_orders_note_total_remark AFTER INSERT ON orders FOR EACH ROW
                    WHEN (NOT (NEW.remark IS NOT NULL) AND (NEW.remark IS NOT (coalesce(NEW.total, '') || '/' || coalesce(NEW.note, '')))) OR ((NEW.remark IS NOT NULL) AND (NEW.note IS NOT (nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '')) OR NEW.total IS NOT (cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric))))
                    BEGIN
                        UPDATE orders SET
                            note = CASE WHEN NEW.remark IS NOT NULL THEN nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '') ELSE note END,
                            total = CASE WHEN NEW.remark IS NOT NULL THEN cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric) ELSE total END,
                            remark = CASE WHEN NEW.remark IS NOT NULL THEN remark ELSE coalesce(NEW.total, '') || '/' || coalesce(NEW.note, '') END
                        WHERE rowid = NEW.rowid;
                    END
                """,
                """
                    CREATE TRIGGER zz_sync_orders_note_total_remark_update AFTER UPDATE ON orders FOR EACH ROW
                    WHEN (NOT (NEW.remark IS NOT (OLD.remark)) AND (NEW.note IS NOT (OLD.note) OR NEW.total IS NOT (OLD.total)) AND (NOT (NEW.remark IS NOT NULL) OR NEW.note IS NOT (nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '')) OR NEW.total IS NOT (cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric)))) OR ((NEW.remark IS NOT (OLD.remark)) AND (NEW.remark IS NOT (coalesce(NEW.total, '') || '/' || coalesce(NEW.note, ''))))
                    BEGIN
                        UPDATE orders SET
                            note = CASE WHEN NEW.remark IS NOT (OLD.remark) THEN nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '') ELSE note END,
                            total = CASE WHEN NEW.remark IS NOT (OLD.remark) THEN cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric) ELSE total END,
                            remark = CASE WHEN NEW.remark IS NOT (OLD.remark) THEN remark ELSE coalesce(NEW.total, '') || '/' || coalesce(NEW.note, '') END
                        WHERE rowid = NEW.rowid;
                    END
                """,
            ],
        ),
        # The downgrade makes note again from remark.
        migrations.RunSQL(
            ["ALTER TABLE orders DROP COLUMN note"],
            reverse_sql=["ALTER TABLE orders ADD COLUMN note TEXT"],
            state_operations=[
                migrations.AddField(
                    model_name="order",
                    name="remark",
                    field=models.TextField(null=True, blank=True),
                ),
                migrations.RemoveField(model_name="order", name="note"),
            ],
        ),
        # The downgrade makes total again from remark.
        migrations.RunSQL(
            ["ALTER TABLE orders DROP COLUMN total"],
            reverse_sql=["ALTER TABLE orders ADD COLUMN total numeric(10,2)"],
            state_operations=[migrations.RemoveField(model_name="order", name="total")],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
