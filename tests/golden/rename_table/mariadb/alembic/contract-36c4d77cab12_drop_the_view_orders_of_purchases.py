"""drop the view orders of purchases

Plan     rename-orders-to-purchases · contract · 1 of 1
Deploy   a release later, when nothing says orders any more
Up       metadata lock on orders, < 10 ms, waits at most 2 s
Down     no lock · lossless

Revision ID: 36c4d77cab12
Revises: 0f0e346572f1
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "36c4d77cab12"
down_revision: Union[str, Sequence[str], None] = "0f0e346572f1"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("DROP VIEW orders")


def downgrade() -> None:
    op.execute("""
        CREATE VIEW orders AS
        SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
        FROM purchases
    """)
