"""rename ix_visits_page_new to ix_visits_page

Plan     build-ix-visits-page-of-visits-anew · expand · 3 of 3
Deploy   at any time
Up       INSTANT on visits, < 10 ms, waits at most 2 s
Down     INSTANT on visits, < 10 ms, waits at most 2 s · lossless

Revision ID: 5cd0266b5381
Revises: 5168d61370f9
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "5cd0266b5381"
down_revision: Union[str, Sequence[str], None] = "5168d61370f9"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE visits RENAME INDEX ix_visits_page_new TO ix_visits_page,
            ALGORITHM=INSTANT
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE visits RENAME INDEX ix_visits_page TO ix_visits_page_new,
            ALGORITHM=INSTANT
    """)
