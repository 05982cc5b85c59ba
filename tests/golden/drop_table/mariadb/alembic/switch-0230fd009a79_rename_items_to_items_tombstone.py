"""rename items to items_tombstone

Plan     drop-items · switch · 3 of 3
Deploy   when nothing uses items any more
Up       metadata lock on items, < 10 ms, waits at most 2 s
Down     metadata lock on items_tombstone, < 10 ms, waits at most 2 s · lossless

Revision ID: 0230fd009a79
Revises: 4f106d043845
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "0230fd009a79"
down_revision: Union[str, Sequence[str], None] = "4f106d043845"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("RENAME TABLE items TO items_tombstone")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("RENAME TABLE items_tombstone TO items")
