"""show orders as purchases too

Plan     rename-orders-to-purchases · expand · 1 of 1
Deploy   before the deploy of the code that uses purchases
Up       no lock
Down     metadata lock on purchases, < 10 ms, waits at most 2 s · lossless

Revision ID: d1d36bf8df56
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "d1d36bf8df56"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("""
        CREATE VIEW purchases AS
        SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
        FROM orders
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("DROP VIEW purchases")
