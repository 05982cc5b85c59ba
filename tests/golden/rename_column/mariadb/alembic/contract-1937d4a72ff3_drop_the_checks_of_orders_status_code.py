"""drop the checks of orders.status_code

Plan     rename-orders-status-code · contract · 2 of 6
Deploy   a release later, when every running instance uses only status
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends · lossless

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
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("ALTER TABLE orders DROP CONSTRAINT ck_orders_status, ALGORITHM=INSTANT")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            ADD CONSTRAINT ck_orders_status
            CHECK (status_code <> ''), ALGORITHM=COPY, LOCK=SHARED
    """)
