"""add missing to delivery

Plan     rename-lost-of-delivery-to-missing · expand · 1 of 1
Deploy   before the deploy of the code that reads missing as well as lost
Up       no lock
Down     nothing to do: the value missing stays in delivery, which harms nothing · lossless

Revision ID: d6b579d04539
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "d6b579d04539"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: a value can be used once it is committed.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE delivery ADD VALUE IF NOT EXISTS 'missing' AFTER 'lost'")


def downgrade() -> None:
    """The value missing stays in delivery, which harms nothing."""
