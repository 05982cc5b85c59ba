"""drop orders_customer_id_fkey from orders

Plan     change-orders-customer-id-fkey-of-orders · expand · 3 of 3
Deploy   before the deploy of the code that counts on ON DELETE CASCADE
Up       INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s
Down     INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s · lossless

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
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            DROP FOREIGN KEY orders_customer_id_fkey, ALGORITHM=INPLACE, LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("SET SESSION foreign_key_checks = 0")
    op.execute("""
        ALTER TABLE orders
            ADD CONSTRAINT orders_customer_id_fkey
            FOREIGN KEY (customer_id) REFERENCES customers (id),
                ALGORITHM=INPLACE,
                LOCK=NONE
    """)
    op.execute("SET SESSION foreign_key_checks = 1")
