"""drop note from orders

Plan     rename-orders-note · contract · 2 of 2
Deploy   a release later, when every running instance uses only remark
Up       EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
         writes wait
Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 1134385b79bd
Revises: a709f98fe60a
Create Date: 2026-11-23 10:24:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "1134385b79bd"
down_revision: Union[str, Sequence[str], None] = "a709f98fe60a"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.execute("DROP TRIGGER zz_sync_orders_note_remark")
    op.execute("DROP TRIGGER zz_sync_orders_note_remark_update")
    # The downgrade fills note again from remark.
    op.drop_column("orders", "note")


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.add_column("orders", sa.Column("note", sa.Text(), nullable=True))
    op.execute("SELECT rowid FROM orders LIMIT 0")
    op.execute("""
        CREATE TRIGGER zz_sync_orders_note_remark AFTER INSERT ON orders FOR EACH ROW
        WHEN NEW.remark IS NOT NEW.note
        BEGIN
            UPDATE orders SET note = coalesce(NEW.remark, NEW.note),
                remark = coalesce(NEW.remark, NEW.note)
            WHERE rowid = NEW.rowid;
        END
    """)
    op.execute("""
        CREATE TRIGGER zz_sync_orders_note_remark_update AFTER UPDATE ON orders FOR EACH ROW
        WHEN NEW.remark IS NOT NEW.note
            AND (NEW.remark IS NOT OLD.remark OR NEW.note IS NOT OLD.note)
        BEGIN
            UPDATE orders SET
                note = CASE WHEN NEW.remark IS NOT OLD.remark THEN NEW.remark ELSE NEW.note END,
                remark = CASE WHEN NEW.remark IS NOT OLD.remark THEN NEW.remark ELSE NEW.note END
            WHERE rowid = NEW.rowid;
        END
    """)
