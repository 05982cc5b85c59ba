"""rename constraint ck_orders_status of orders to ck_orders_status_code

Plan     rename-constraint-ck-orders-status-to-ck-orders-status-code · expand · 1 of 1
Deploy   at any time; the code that names it belongs to the same deploy
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: f29eab03a124
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "f29eab03a124"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("""
        ALTER TABLE orders RENAME CONSTRAINT ck_orders_status TO ck_orders_status_code
    """)


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("""
        ALTER TABLE orders RENAME CONSTRAINT ck_orders_status_code TO ck_orders_status
    """)
