"""add currency to orders

Plan     add-currency-to-orders · expand · 1 of 1
Deploy   before the deploy of the code that uses orders.currency
Up       RESERVED on orders, < 10 ms, waits at most 2 s
Down     EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
         writes wait · lossless until currency is written

Revision ID: 1e738bdea975
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "1e738bdea975"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.add_column(
        "orders",
        sa.Column(
            "currency", sa.String(length=3), server_default="EUR", nullable=False
        ),
    )


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.drop_column("orders", "currency")
