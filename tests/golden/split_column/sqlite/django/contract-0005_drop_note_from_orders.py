"""Drop note from orders

Plan     split-orders-note · contract · 2 of 2
Deploy   a release later, when every running instance uses only topic and rest
Up       EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
         writes wait
Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: topic = models.TextField(null=True, blank=True)
Models   Order: rest = models.TextField(null=True, blank=True)
Models   Order: no note
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0004_check_that_topic_and_rest_of_orders_say_what_note"),
    ]

    operations = [
        migrations.RunSQL(
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                "DROP TRIGGER zz_sync_orders_note_topic_rest",
                "DROP TRIGGER zz_sync_orders_note_topic_rest_update",
            ],
            reverse_sql=[
                "SELECT rowid FROM orders LIMIT 0",
                """
                    CREATE TRIGGER zz_sync_orders_note_topic_rest AFTER INSERT ON orders FOR EACH ROW
                    WHEN (NOT (NEW.topic IS NOT NULL OR NEW.rest IS NOT NULL) AND (NEW.topic IS NOT (substr(NEW.note, 1, instr(NEW.note || ' ', ' ') - 1)) OR NEW.rest IS NOT (nullif(substr(NEW.note, instr(NEW.note || ' ', ' ') + 1), '')))) OR ((NEW.topic IS NOT NULL OR NEW.rest IS NOT NULL) AND (NEW.note IS NOT (NEW.topic || coalesce(' ' || NEW.rest, ''))))
                    BEGIN
                        UPDATE orders SET
                            note = CASE WHEN NEW.topic IS NOT NULL OR NEW.rest IS NOT NULL THEN NEW.topic || coalesce(' ' || NEW.rest, '') ELSE note END,
                            topic = CASE WHEN NEW.topic IS NOT NULL OR NEW.rest IS NOT NULL THEN topic ELSE substr(NEW.note, 1, instr(NEW.note || ' ', ' ') - 1) END,
                            rest = CASE WHEN NEW.topic IS NOT NULL OR NEW.rest IS NOT NULL THEN rest ELSE nullif(substr(NEW.note, instr(NEW.note || ' ', ' ') + 1), '') END
                        WHERE rowid = NEW.rowid;
                    END
                """,
                """
                    CREATE TRIGGER zz_sync_orders_note_topic_rest_update AFTER UPDATE ON orders FOR EACH ROW
                    WHEN (NOT (NEW.topic IS NOT (OLD.topic) OR NEW.rest IS NOT (OLD.rest)) AND (NEW.note IS NOT (OLD.note)) AND (NOT (NEW.topic IS NOT NULL OR NEW.rest IS NOT NULL) OR NEW.note IS NOT (NEW.topic || coalesce(' ' || NEW.rest, '')))) OR ((NEW.topic IS NOT (OLD.topic) OR NEW.rest IS NOT (OLD.rest)) AND (NEW.topic IS NOT (substr(NEW.note, 1, instr(NEW.note || ' ', ' ') - 1)) OR NEW.rest IS NOT (nullif(substr(NEW.note, instr(NEW.note || ' ', ' ') + 1), ''))))
                    BEGIN
                        UPDATE orders SET
                            note = CASE WHEN NEW.topic IS NOT (OLD.topic) OR NEW.rest IS NOT (OLD.rest) THEN NEW.topic || coalesce(' ' || NEW.rest, '') ELSE note END,
                            topic = CASE WHEN NEW.topic IS NOT (OLD.topic) OR NEW.rest IS NOT (OLD.rest) THEN topic ELSE substr(NEW.note, 1, instr(NEW.note || ' ', ' ') - 1) END,
                            rest = CASE WHEN NEW.topic IS NOT (OLD.topic) OR NEW.rest IS NOT (OLD.rest) THEN rest ELSE nullif(substr(NEW.note, instr(NEW.note || ' ', ' ') + 1), '') END
                        WHERE rowid = NEW.rowid;
                    END
                """,
            ],
        ),
        # The downgrade makes note again from topic and rest.
        migrations.RunSQL(
            ["ALTER TABLE orders DROP COLUMN note"],
            reverse_sql=["ALTER TABLE orders ADD COLUMN note TEXT"],
            state_operations=[
                migrations.AddField(
                    model_name="order",
                    name="topic",
                    field=models.TextField(null=True, blank=True),
                ),
                migrations.AddField(
                    model_name="order",
                    name="rest",
                    field=models.TextField(null=True, blank=True),
                ),
                migrations.RemoveField(model_name="order", name="note"),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
