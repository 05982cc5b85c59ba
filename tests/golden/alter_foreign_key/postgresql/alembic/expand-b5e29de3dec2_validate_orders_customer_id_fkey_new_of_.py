"""validate orders_customer_id_fkey_new of orders

Plan     change-orders-customer-id-fkey-of-orders · expand · 2 of 3
Deploy   before the deploy of the code that counts on ON DELETE CASCADE
Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on ·
         lossless

Revision ID: b5e29de3dec2
Revises: 7b4db8f99a6f
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "b5e29de3dec2"
down_revision: Union[str, Sequence[str], None] = "7b4db8f99a6f"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey_new")


def downgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey")
