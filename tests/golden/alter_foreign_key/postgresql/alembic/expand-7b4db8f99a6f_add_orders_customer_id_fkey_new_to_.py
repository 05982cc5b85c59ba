"""add orders_customer_id_fkey_new to orders

Plan     change-orders-customer-id-fkey-of-orders · expand · 1 of 3
Deploy   before the deploy of the code that counts on ON DELETE CASCADE
Up       SHARE ROW EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 7b4db8f99a6f
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "7b4db8f99a6f"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("LOCK TABLE customers, orders IN SHARE ROW EXCLUSIVE MODE")
    op.create_foreign_key(
        op.f("orders_customer_id_fkey_new"),
        "orders",
        "customers",
        ["customer_id"],
        ["id"],
        ondelete="CASCADE",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE")
    op.drop_constraint(
        op.f("orders_customer_id_fkey_new"), "orders", type_="foreignkey"
    )
