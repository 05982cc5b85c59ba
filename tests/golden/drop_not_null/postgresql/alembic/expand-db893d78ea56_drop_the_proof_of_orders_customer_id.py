"""drop the proof of orders.customer_id

Plan     no-longer-require-orders-customer-id · expand · 2 of 2
Deploy   after the deploy whose code copes with NULL, before any code writes one
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a NULL is written
         to customer_id

Revision ID: db893d78ea56
Revises: 3789a64926b8
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "db893d78ea56"
down_revision: Union[str, Sequence[str], None] = "3789a64926b8"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint(op.f("orders_customer_id_required"), "orders", type_="check")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    offending = sa.text("SELECT id FROM orders WHERE customer_id IS NULL LIMIT 5")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "orders.customer_id still holds NULLs: fill them before it becomes required"
        )
    op.create_check_constraint(
        op.f("orders_customer_id_required"),
        "orders",
        "customer_id IS NOT NULL",
        postgresql_not_valid=True,
    )
