"""drop the proof of orders.status_code

Plan     rename-orders-status-code · contract · 5 of 7
Deploy   a release later
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 4de52294a24a
Revises: e7aa41ee61e0
Create Date: 2026-11-23 10:33:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "4de52294a24a"
down_revision: Union[str, Sequence[str], None] = "e7aa41ee61e0"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint(op.f("orders_status_code_not_null"), "orders", type_="check")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_check_constraint(
        op.f("orders_status_code_not_null"),
        "orders",
        "status_code IS NOT NULL",
        postgresql_not_valid=True,
    )
