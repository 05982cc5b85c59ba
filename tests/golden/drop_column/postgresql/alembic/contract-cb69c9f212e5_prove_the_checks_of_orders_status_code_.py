"""prove the checks of orders.status_code on the way back

Plan     drop-orders-status-code · contract · 2 of 7
Deploy   a release later, when no running instance names orders.status_code
Up       no lock
Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on ·
         lossless

Revision ID: cb69c9f212e5
Revises: 347857eca26a
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "cb69c9f212e5"
down_revision: Union[str, Sequence[str], None] = "347857eca26a"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Only the downgrade has work to do: it proves orders.status_code again."""


def downgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status")
