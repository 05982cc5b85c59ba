"""drop the checks of orders.status_code

Plan     drop-orders-status-code · contract · 3 of 7
Deploy   a release later, when no running instance names orders.status_code
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 0e9d0a3d8234
Revises: cb69c9f212e5
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "0e9d0a3d8234"
down_revision: Union[str, Sequence[str], None] = "cb69c9f212e5"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint(op.f("ck_orders_status"), "orders", type_="check")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_check_constraint(
        op.f("ck_orders_status"),
        "orders",
        "status_code <> ''",
        postgresql_not_valid=True,
    )
