"""require visits.id

Plan     make-visits-id-the-primary-key · expand · 1 of 2
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       INPLACE, LOCK=NONE on visits while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time
Down     INPLACE, LOCK=NONE on visits while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time ·
         lossless

Revision ID: 8defffc50613
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "8defffc50613"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("SELECT 1 FROM visits WHERE id IS NULL LIMIT 5")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "visits.id still holds NULLs: fill them before it becomes required"
        )
    op.execute("SET @sql_mode_before = @@SESSION.sql_mode")
    op.execute("""
        SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')
    """)
    op.execute("""
        ALTER TABLE visits MODIFY COLUMN id bigint NOT NULL, ALGORITHM=INPLACE, LOCK=NONE
    """)
    op.execute("SET SESSION sql_mode = @sql_mode_before")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE visits MODIFY COLUMN id bigint NULL DEFAULT NULL,
            ALGORITHM=INPLACE,
            LOCK=NONE
    """)
