"""add ix_visits_page_new

Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 3
Deploy   at any time
Up       NOCOPY, LOCK=NONE on visits while building, 1–7 min: reads and writes go on, but queue at
         both ends, where it waits for open transactions, at most 2 s each time
Down     NOCOPY, LOCK=NONE on visits, < 10 ms, waits at most 2 s · lossless

Revision ID: f2bef3a2c7b7
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "f2bef3a2c7b7"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE visits ADD INDEX ix_visits_page_new (page), ALGORITHM=NOCOPY, LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE visits DROP INDEX ix_visits_page_new, ALGORITHM=NOCOPY, LOCK=NONE
    """)
