"""drop note from orders

Plan     split-orders-note · contract · 2 of 2
Deploy   a release later, when every running instance uses only topic and rest
Up       EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
         writes wait
Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 85e7abde6d8d
Revises: b11278546308
Create Date: 2026-11-23 10:24:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "85e7abde6d8d"
down_revision: Union[str, Sequence[str], None] = "b11278546308"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.execute("DROP TRIGGER zz_sync_orders_note_topic_rest")
    op.execute("DROP TRIGGER zz_sync_orders_note_topic_rest_update")
    # The downgrade makes note again from topic and rest.
    op.drop_column("orders", "note")


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.add_column("orders", sa.Column("note", sa.Text(), nullable=True))
    op.execute("SELECT rowid FROM orders LIMIT 0")
    op.execute("""
        CREATE TRIGGER zz_sync_orders_note_topic_rest AFTER INSERT ON orders FOR EACH ROW
        WHEN (NOT (NEW.topic IS NOT NULL OR NEW.rest IS NOT NULL) AND (NEW.topic IS NOT (substr(NEW.note, 1, instr(NEW.note || ' ', ' ') - 1)) OR NEW.rest IS NOT (nullif(substr(NEW.note, instr(NEW.note || ' ', ' ') + 1), '')))) OR ((NEW.topic IS NOT NULL OR NEW.rest IS NOT NULL) AND (NEW.note IS NOT (NEW.topic || coalesce(' ' || NEW.rest, ''))))
        BEGIN
            UPDATE orders SET
                note = CASE WHEN NEW.topic IS NOT NULL OR NEW.rest IS NOT NULL THEN NEW.topic || coalesce(' ' || NEW.rest, '') ELSE note END,
                topic = CASE WHEN NEW.topic IS NOT NULL OR NEW.rest IS NOT NULL THEN topic ELSE substr(NEW.note, 1, instr(NEW.note || ' ', ' ') - 1) END,
                rest = CASE WHEN NEW.topic IS NOT NULL OR NEW.rest IS NOT NULL THEN rest ELSE nullif(substr(NEW.note, instr(NEW.note || ' ', ' ') + 1), '') END
            WHERE rowid = NEW.rowid;
        END
    """)
    op.execute("""
        CREATE TRIGGER zz_sync_orders_note_topic_rest_update AFTER UPDATE ON orders FOR EACH ROW
        WHEN (NOT (NEW.topic IS NOT (OLD.topic) OR NEW.rest IS NOT (OLD.rest)) AND (NEW.note IS NOT (OLD.note)) AND (NOT (NEW.topic IS NOT NULL OR NEW.rest IS NOT NULL) OR NEW.note IS NOT (NEW.topic || coalesce(' ' || NEW.rest, '')))) OR ((NEW.topic IS NOT (OLD.topic) OR NEW.rest IS NOT (OLD.rest)) AND (NEW.topic IS NOT (substr(NEW.note, 1, instr(NEW.note || ' ', ' ') - 1)) OR NEW.rest IS NOT (nullif(substr(NEW.note, instr(NEW.note || ' ', ' ') + 1), ''))))
        BEGIN
            UPDATE orders SET
                note = CASE WHEN NEW.topic IS NOT (OLD.topic) OR NEW.rest IS NOT (OLD.rest) THEN NEW.topic || coalesce(' ' || NEW.rest, '') ELSE note END,
                topic = CASE WHEN NEW.topic IS NOT (OLD.topic) OR NEW.rest IS NOT (OLD.rest) THEN topic ELSE substr(NEW.note, 1, instr(NEW.note || ' ', ' ') - 1) END,
                rest = CASE WHEN NEW.topic IS NOT (OLD.topic) OR NEW.rest IS NOT (OLD.rest) THEN rest ELSE nullif(substr(NEW.note, instr(NEW.note || ' ', ' ') + 1), '') END
            WHERE rowid = NEW.rowid;
        END
    """)
