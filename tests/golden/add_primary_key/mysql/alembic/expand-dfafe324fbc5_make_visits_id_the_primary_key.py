"""make visits (id) the primary key

Plan     make-visits-id-the-primary-key · expand · 2 of 2
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       INPLACE, LOCK=NONE on visits while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time
Down     COPY, LOCK=SHARED on visits while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends · lossless

Revision ID: dfafe324fbc5
Revises: 8defffc50613
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "dfafe324fbc5"
down_revision: Union[str, Sequence[str], None] = "8defffc50613"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("""
        SELECT id, count(*)
        FROM visits
        WHERE id IS NOT NULL
        GROUP BY id
        HAVING count(*) > 1
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "visits holds rows with equal id: the key cannot be unique before they "
            "differ"
        )
    op.execute("SET @sql_mode_before = @@SESSION.sql_mode")
    op.execute("""
        SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')
    """)
    op.execute("ALTER TABLE visits ADD PRIMARY KEY (id), ALGORITHM=INPLACE, LOCK=NONE")
    op.execute("SET SESSION sql_mode = @sql_mode_before")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("ALTER TABLE visits DROP PRIMARY KEY, ALGORITHM=COPY, LOCK=SHARED")
