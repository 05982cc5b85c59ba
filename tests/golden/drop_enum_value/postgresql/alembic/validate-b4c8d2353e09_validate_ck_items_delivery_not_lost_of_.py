"""validate ck_items_delivery_not_lost of items

Plan     drop-lost-from-delivery · validate · 2 of 2
Deploy   when no row holds it any more
Up       SHARE UPDATE EXCLUSIVE on items while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: ck_items_delivery_not_lost stays validated, which harms nothing · lossless

Revision ID: b4c8d2353e09
Revises: 5994428574fd
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "b4c8d2353e09"
down_revision: Union[str, Sequence[str], None] = "5994428574fd"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE items VALIDATE CONSTRAINT ck_items_delivery_not_lost")


def downgrade() -> None:
    """ck_items_delivery_not_lost stays validated, which harms nothing."""
