"""require orders.status

Plan     rename-orders-status-code · validate · 3 of 3
Deploy   when the fill is done; then deploy the code that uses only status
Tool     pt-online-schema-change does this in production, where the table is large; then this file
         is marked as run
Up       INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time
Down     INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time ·
         lossless

Revision ID: a7924ebe2477
Revises: e5510be43949
Create Date: 2026-11-23 10:25:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "a7924ebe2477"
down_revision: Union[str, Sequence[str], None] = "e5510be43949"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("SELECT id FROM orders WHERE status IS NULL LIMIT 5")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "orders.status still holds NULLs: fill them before it becomes required"
        )
    op.execute("SET @sql_mode_before = @@SESSION.sql_mode")
    op.execute("""
        SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')
    """)
    op.execute("""
        ALTER TABLE orders MODIFY COLUMN status varchar(20) NOT NULL,
            ALGORITHM=INPLACE,
            LOCK=NONE
    """)
    op.execute("SET SESSION sql_mode = @sql_mode_before")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders MODIFY COLUMN status varchar(20) NULL DEFAULT NULL,
            ALGORITHM=INPLACE,
            LOCK=NONE
    """)
