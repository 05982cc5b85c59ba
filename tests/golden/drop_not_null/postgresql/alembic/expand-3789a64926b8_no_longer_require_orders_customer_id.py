"""no longer require orders.customer_id

Plan     no-longer-require-orders-customer-id · expand · 1 of 2
Deploy   after the deploy whose code copes with NULL, before any code writes one
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on;
         then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a NULL is
         written to customer_id

Revision ID: 3789a64926b8
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "3789a64926b8"
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
        op.f("orders_customer_id_required"),
        "orders",
        "customer_id IS NOT NULL",
        postgresql_not_valid=True,
    )
    op.alter_column(
        "orders", "customer_id", existing_type=sa.BigInteger(), nullable=True
    )


def downgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_required")

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.alter_column(
        "orders", "customer_id", existing_type=sa.BigInteger(), nullable=False
    )
    op.drop_constraint(op.f("orders_customer_id_required"), "orders", type_="check")
