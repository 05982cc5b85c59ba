"""prove orders.status has no nulls

Plan     rename-orders-status-code · validate · 5 of 6
Deploy   when the fill is done; then deploy the code that uses only status
Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: orders_status_required stays validated, which harms nothing · lossless

Revision ID: 1937d4a72ff3
Revises: c5bf60656a49
Create Date: 2026-11-23 10:27:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "1937d4a72ff3"
down_revision: Union[str, Sequence[str], None] = "c5bf60656a49"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_status_required")


def downgrade() -> None:
    """orders_status_required stays validated, which harms nothing."""
