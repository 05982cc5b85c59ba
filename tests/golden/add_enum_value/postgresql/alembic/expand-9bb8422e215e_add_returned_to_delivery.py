"""add returned to delivery

Plan     add-returned-to-delivery · expand · 1 of 1
Deploy   after the deploy of the code that can read returned, before the one that writes it
Up       no lock
Down     nothing to do: the value returned stays in delivery, which harms nothing · lossless

Revision ID: 9bb8422e215e
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "9bb8422e215e"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: a value can be used once it is committed.
    with op.get_context().autocommit_block():
        op.execute("""
            ALTER TYPE delivery ADD VALUE IF NOT EXISTS 'returned' BEFORE 'lost'
        """)


def downgrade() -> None:
    """The value returned stays in delivery, which harms nothing."""
