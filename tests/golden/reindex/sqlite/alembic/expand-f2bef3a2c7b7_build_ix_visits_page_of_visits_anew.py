"""build ix_visits_page of visits anew

Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 1
Deploy   at any time
Up       RESERVED on visits, < 10 ms, waits at most 2 s; then RESERVED on visits while building, 1–7
         min, waits at most 2 s: writes wait, reads go on
Down     ix_visits_page is what it was, built anew: nothing to undo · lossless

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
    op.execute("PRAGMA busy_timeout = 2000")
    op.drop_index("ix_visits_page", "visits")
    op.create_index("ix_visits_page", "visits", ["page"])


def downgrade() -> None:
    """ix_visits_page is what it was, built anew: nothing to undo."""
