"""drop the proof of orders.status_code

Plan     drop-orders-status-code · contract · 5 of 9
Deploy   a release later
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 66b94f78d910
Revises: bc606d3f6941
Create Date: 2026-11-23 10:24:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "66b94f78d910"
down_revision: Union[str, Sequence[str], None] = "bc606d3f6941"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint(op.f("orders_status_code_required"), "orders", type_="check")
    op.alter_column(
        "orders", "status_code", existing_type=sa.String(length=20), server_default=None
    )


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.alter_column(
        "orders",
        "status_code",
        existing_type=sa.String(length=20),
        server_default="new",
    )
    op.create_check_constraint(
        op.f("orders_status_code_required"),
        "orders",
        "status_code IS NOT NULL",
        postgresql_not_valid=True,
    )
