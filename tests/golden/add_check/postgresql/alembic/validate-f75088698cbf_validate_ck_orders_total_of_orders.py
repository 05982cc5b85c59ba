"""validate ck_orders_total of orders

Plan     add-check-ck-orders-total-to-orders · validate · 1 of 1
Deploy   after expand
Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: ck_orders_total stays validated, which harms nothing · lossless

Revision ID: f75088698cbf
Revises: 96163b6a2c2b
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "f75088698cbf"
down_revision: Union[str, Sequence[str], None] = "96163b6a2c2b"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_total")


def downgrade() -> None:
    """ck_orders_total stays validated, which harms nothing."""
