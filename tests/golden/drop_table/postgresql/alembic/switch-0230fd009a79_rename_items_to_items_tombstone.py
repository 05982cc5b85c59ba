"""rename items to items_tombstone

Plan     drop-items · switch · 3 of 3
Deploy   when nothing uses items any more
Up       ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on items_tombstone, < 10 ms, waits at most 2 s · lossless

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
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.rename_table("items", "items_tombstone")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.rename_table("items_tombstone", "items")
