"""add ck_orders_status_new to orders

Plan     change-ck-orders-status-of-orders · expand · 1 of 1
Deploy   after the deploy whose code writes only rows with status_code IN ('new', 'paid', 'sent')
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 8c54b019b9c1
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "8c54b019b9c1"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_check_constraint(
        op.f("ck_orders_status_new"),
        "orders",
        "status_code IN ('new', 'paid', 'sent')",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint(op.f("ck_orders_status_new"), "orders", type_="check")
