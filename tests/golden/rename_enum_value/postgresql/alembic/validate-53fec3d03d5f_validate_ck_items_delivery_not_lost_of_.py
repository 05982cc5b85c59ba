"""validate ck_items_delivery_not_lost of items

Plan     rename-lost-of-delivery-to-missing · validate · 2 of 2
Deploy   when all rows are changed
Up       SHARE UPDATE EXCLUSIVE on items while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: ck_items_delivery_not_lost stays validated, which harms nothing · lossless

Revision ID: 53fec3d03d5f
Revises: 353b3ae6c9c3
Create Date: 2026-11-23 10:23:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "53fec3d03d5f"
down_revision: Union[str, Sequence[str], None] = "353b3ae6c9c3"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE items VALIDATE CONSTRAINT ck_items_delivery_not_lost")


def downgrade() -> None:
    """ck_items_delivery_not_lost stays validated, which harms nothing."""
