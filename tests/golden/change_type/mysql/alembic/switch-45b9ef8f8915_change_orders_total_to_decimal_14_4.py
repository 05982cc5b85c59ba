"""change orders.total to decimal(14,4)

Plan     change-type-orders-total · switch · 1 of 1
Deploy   after the deploy that copes with both types
Tool     pt-online-schema-change does this in production, where the table is large; then this file
         is marked as run
Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends
Down     COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends · lossless until orders.total holds a value that
         decimal(10,2) cannot hold

Revision ID: 45b9ef8f8915
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "45b9ef8f8915"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("SET @sql_mode_before = @@SESSION.sql_mode")
    op.execute("""
        SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')
    """)
    op.execute("""
        ALTER TABLE orders MODIFY COLUMN total decimal(14,4) NULL DEFAULT NULL,
            ALGORITHM=COPY,
            LOCK=SHARED
    """)
    op.execute("SET SESSION sql_mode = @sql_mode_before")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("""
        SELECT id
        FROM orders
        WHERE NOT (abs(total) < 100000000 AND total = round(total, 2))
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "the way back is closed: orders.total holds values that decimal(10,2) "
            "cannot hold"
        )
    op.execute("SET @sql_mode_before = @@SESSION.sql_mode")
    op.execute("""
        SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')
    """)
    op.execute("""
        ALTER TABLE orders MODIFY COLUMN total decimal(10,2) NULL DEFAULT NULL,
            ALGORITHM=COPY,
            LOCK=SHARED
    """)
    op.execute("SET SESSION sql_mode = @sql_mode_before")
