"""no longer require orders.status_code

Plan     drop-orders-status-code · contract · 3 of 8
Deploy   a release later
Up       INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time
Down     INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time ·
         lossless

Revision ID: 0e9d0a3d8234
Revises: cb69c9f212e5
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "0e9d0a3d8234"
down_revision: Union[str, Sequence[str], None] = "cb69c9f212e5"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders MODIFY COLUMN status_code varchar(20) NULL DEFAULT 'new',
            ALGORITHM=INPLACE,
            LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')
    """)
    op.execute("""
        ALTER TABLE orders MODIFY COLUMN status_code varchar(20) NOT NULL DEFAULT 'new',
            ALGORITHM=INPLACE,
            LOCK=NONE
    """)
