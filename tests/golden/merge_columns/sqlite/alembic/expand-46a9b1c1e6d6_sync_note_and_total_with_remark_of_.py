"""sync note and total with remark of orders

Plan     merge-orders-remark · expand · 2 of 2
Deploy   before the deploy of the code that uses remark
Up       RESERVED on orders, < 10 ms, waits at most 2 s
Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 46a9b1c1e6d6
Revises: 13146596d03d
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "46a9b1c1e6d6"
down_revision: Union[str, Sequence[str], None] = "13146596d03d"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.execute("SELECT rowid FROM orders LIMIT 0")
    op.execute("""
        CREATE TRIGGER zz_sync_orders_note_total_remark AFTER INSERT ON orders FOR EACH ROW
        WHEN (NOT (NEW.remark IS NOT NULL) AND (NEW.remark IS NOT (coalesce(NEW.total, '') || '/' || coalesce(NEW.note, '')))) OR ((NEW.remark IS NOT NULL) AND (NEW.note IS NOT (nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '')) OR NEW.total IS NOT (cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric))))
        BEGIN
            UPDATE orders SET
                note = CASE WHEN NEW.remark IS NOT NULL THEN nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '') ELSE note END,
                total = CASE WHEN NEW.remark IS NOT NULL THEN cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric) ELSE total END,
                remark = CASE WHEN NEW.remark IS NOT NULL THEN remark ELSE coalesce(NEW.total, '') || '/' || coalesce(NEW.note, '') END
            WHERE rowid = NEW.rowid;
        END
    """)
    op.execute("""
        CREATE TRIGGER zz_sync_orders_note_total_remark_update AFTER UPDATE ON orders FOR EACH ROW
        WHEN (NOT (NEW.remark IS NOT (OLD.remark)) AND (NEW.note IS NOT (OLD.note) OR NEW.total IS NOT (OLD.total)) AND (NOT (NEW.remark IS NOT NULL) OR NEW.note IS NOT (nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '')) OR NEW.total IS NOT (cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric)))) OR ((NEW.remark IS NOT (OLD.remark)) AND (NEW.remark IS NOT (coalesce(NEW.total, '') || '/' || coalesce(NEW.note, ''))))
        BEGIN
            UPDATE orders SET
                note = CASE WHEN NEW.remark IS NOT (OLD.remark) THEN nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '') ELSE note END,
                total = CASE WHEN NEW.remark IS NOT (OLD.remark) THEN cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric) ELSE total END,
                remark = CASE WHEN NEW.remark IS NOT (OLD.remark) THEN remark ELSE coalesce(NEW.total, '') || '/' || coalesce(NEW.note, '') END
            WHERE rowid = NEW.rowid;
        END
    """)


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.execute("DROP TRIGGER zz_sync_orders_note_total_remark")
    op.execute("DROP TRIGGER zz_sync_orders_note_total_remark_update")
