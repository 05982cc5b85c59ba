"""rename index ix_orders_status_code of orders to ix_orders_state

Plan     rename-index-ix-orders-status-code-to-ix-orders-state · expand · 1 of 1
Deploy   at any time
Up       SHARE UPDATE EXCLUSIVE on ix_orders_status_code: reads and writes go on
Down     SHARE UPDATE EXCLUSIVE on ix_orders_state: reads and writes go on · lossless

Revision ID: 44ca9cf94614
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "44ca9cf94614"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("ALTER INDEX ix_orders_status_code RENAME TO ix_orders_state")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("ALTER INDEX ix_orders_state RENAME TO ix_orders_status_code")
