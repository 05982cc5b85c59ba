"""prove ck_orders_status on the way back

Plan     rename-orders-status-code · contract · 2 of 7
Deploy   a release later
Up       no lock
Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on ·
         lossless

Revision ID: 0379a590216e
Revises: 6eb98c83dd25
Create Date: 2026-11-23 10:30:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "0379a590216e"
down_revision: Union[str, Sequence[str], None] = "6eb98c83dd25"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Only the downgrade has work to do: it proves ck_orders_status."""


def downgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status")
