"""drop ix_visits_page

Plan     build-ix-visits-page-of-visits-anew · expand · 2 of 3
Deploy   at any time
Up       INPLACE, LOCK=NONE on visits, < 10 ms, waits at most 2 s
Down     INPLACE, LOCK=NONE on visits while building, 1–7 min: reads and writes go on, but queue at
         both ends, where it waits for open transactions, at most 2 s each time · lossless

Revision ID: 5168d61370f9
Revises: f2bef3a2c7b7
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "5168d61370f9"
down_revision: Union[str, Sequence[str], None] = "f2bef3a2c7b7"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE visits DROP INDEX ix_visits_page, ALGORITHM=INPLACE, LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE visits ADD INDEX ix_visits_page (page), ALGORITHM=INPLACE, LOCK=NONE
    """)
