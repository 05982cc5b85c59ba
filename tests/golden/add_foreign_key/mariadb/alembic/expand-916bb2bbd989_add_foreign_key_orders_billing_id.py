"""add foreign key orders billing_id

Plan     add-foreign-key-orders-customers · expand · 2 of 2
Deploy   at any time
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 916bb2bbd989
Revises: 4a2c36993909
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "916bb2bbd989"
down_revision: Union[str, Sequence[str], None] = "4a2c36993909"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE orders ADD CONSTRAINT orders_billing_id_fkey FOREIGN KEY (billing_id) REFERENCES customers (id),
            ALGORITHM=INSTANT
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders DROP FOREIGN KEY orders_billing_id_fkey, ALGORITHM=INSTANT
    """)
