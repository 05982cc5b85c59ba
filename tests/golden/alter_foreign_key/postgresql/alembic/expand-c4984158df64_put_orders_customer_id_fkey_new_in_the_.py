"""put orders_customer_id_fkey_new in the place of orders_customer_id_fkey

Plan     change-orders-customer-id-fkey-of-orders · expand · 3 of 3
Deploy   before the deploy of the code that counts on ON DELETE CASCADE
Up       ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless

Revision ID: c4984158df64
Revises: b5e29de3dec2
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "c4984158df64"
down_revision: Union[str, Sequence[str], None] = "b5e29de3dec2"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE")
    op.drop_constraint(op.f("orders_customer_id_fkey"), "orders", type_="foreignkey")
    op.execute("""
        ALTER TABLE orders
            RENAME CONSTRAINT orders_customer_id_fkey_new TO orders_customer_id_fkey
    """)


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE")
    op.execute("""
        ALTER TABLE orders
            RENAME CONSTRAINT orders_customer_id_fkey TO orders_customer_id_fkey_new
    """)
    op.create_foreign_key(
        op.f("orders_customer_id_fkey"),
        "orders",
        "customers",
        ["customer_id"],
        ["id"],
        postgresql_not_valid=True,
    )
