"""set default of orders.status

Plan     rename-orders-status-code · contract · 4 of 6
Deploy   a release later, when every running instance uses only status
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 6eb98c83dd25
Revises: 84af281e66f9
Create Date: 2026-11-23 10:29:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "6eb98c83dd25"
down_revision: Union[str, Sequence[str], None] = "84af281e66f9"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'new', ALGORITHM=INSTANT
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("ALTER TABLE orders ALTER COLUMN status DROP DEFAULT, ALGORITHM=INSTANT")
