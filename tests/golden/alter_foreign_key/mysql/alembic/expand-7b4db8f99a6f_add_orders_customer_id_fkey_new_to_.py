"""add orders_customer_id_fkey_new to orders

Plan     change-orders-customer-id-fkey-of-orders · expand · 1 of 3
Deploy   before the deploy of the code that counts on ON DELETE CASCADE
Up       INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s
Down     INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s · lossless

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
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("SET SESSION foreign_key_checks = 0")
    op.execute("""
        ALTER TABLE orders
            ADD CONSTRAINT orders_customer_id_fkey_new
            FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE,
                ALGORITHM=INPLACE,
                LOCK=NONE
    """)
    op.execute("SET SESSION foreign_key_checks = 1")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            DROP FOREIGN KEY orders_customer_id_fkey_new, ALGORITHM=INPLACE, LOCK=NONE
    """)
