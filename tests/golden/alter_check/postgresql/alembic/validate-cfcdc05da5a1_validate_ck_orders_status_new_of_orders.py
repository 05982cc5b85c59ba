"""validate ck_orders_status_new of orders

Plan     change-ck-orders-status-of-orders · validate · 1 of 2
Deploy   after expand
Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on ·
         lossless

Revision ID: cfcdc05da5a1
Revises: 8c54b019b9c1
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "cfcdc05da5a1"
down_revision: Union[str, Sequence[str], None] = "8c54b019b9c1"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status_new")


def downgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status")
