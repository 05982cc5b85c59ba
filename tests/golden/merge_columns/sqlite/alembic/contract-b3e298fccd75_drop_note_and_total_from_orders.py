"""drop note and total from orders

Plan     merge-orders-remark · contract · 2 of 2
Deploy   a release later, when every running instance uses only remark
Up       EXCLUSIVE on orders while writing the table anew, 13–40 min, waits at most 2 s: reads and
         writes wait
Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: b3e298fccd75
Revises: 4939d4ab3114
Create Date: 2026-11-23 10:24:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "b3e298fccd75"
down_revision: Union[str, Sequence[str], None] = "4939d4ab3114"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.execute("DROP TRIGGER zz_sync_orders_note_total_remark")
    op.execute("DROP TRIGGER zz_sync_orders_note_total_remark_update")
    # The downgrade makes note again from remark.
    op.drop_column("orders", "note")
    # The downgrade makes total again from remark.
    op.drop_column("orders", "total")


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.add_column(
        "orders", sa.Column("total", sa.Numeric(precision=10, scale=2), nullable=True)
    )
    op.add_column("orders", sa.Column("note", sa.Text(), nullable=True))
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
