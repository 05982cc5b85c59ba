"""rename items to items_tombstone

Plan     drop-items · switch · 1 of 1
Deploy   when nothing uses items any more
Up       RESERVED on items, < 10 ms, waits at most 2 s
Down     RESERVED on items_tombstone, < 10 ms, waits at most 2 s · lossless

Revision ID: 0066761b9f84
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "0066761b9f84"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.rename_table("items", "items_tombstone")


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.rename_table("items_tombstone", "items")
