"""drop the checks of orders.status_code

Plan     rename-orders-status-code · contract · 3 of 5
Deploy   a release later, when every running instance uses only status
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 98d47c9acc13
Revises: 0379a590216e
Create Date: 2026-11-23 10:31:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "98d47c9acc13"
down_revision: Union[str, Sequence[str], None] = "0379a590216e"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint(op.f("ck_orders_status"), "orders", type_="check")
    op.drop_constraint(op.f("orders_status_code_required"), "orders", type_="check")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_check_constraint(
        op.f("orders_status_code_required"),
        "orders",
        "status_code IS NOT NULL",
        postgresql_not_valid=True,
    )
    op.create_check_constraint(
        op.f("ck_orders_status"),
        "orders",
        "status_code <> ''",
        postgresql_not_valid=True,
    )
