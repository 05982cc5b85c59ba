"""validate ck_orders_status_status

Plan     rename-orders-status-code · validate · 3 of 6
Deploy   when the fill is done; then deploy the code that uses only status
Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: ck_orders_status_status stays validated, which harms nothing · lossless

Revision ID: a7924ebe2477
Revises: e5510be43949
Create Date: 2026-11-23 10:25:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "a7924ebe2477"
down_revision: Union[str, Sequence[str], None] = "e5510be43949"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status_status")


def downgrade() -> None:
    """ck_orders_status_status stays validated, which harms nothing."""
