"""prove orders_customer_id_fkey on the way back

Plan     drop-orders-customer-id-fkey-from-orders · contract · 1 of 2
Deploy   when no running code counts on the constraint
Up       no lock
Down     consistent read on orders while reading every row, 1–4 min: reads and writes go on ·
         lossless

Revision ID: b20402eac941
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "b20402eac941"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Only the downgrade has work to do: it proves orders_customer_id_fkey."""


def downgrade() -> None:
    # A transaction would not undo this: each statement commits by itself.
    with op.get_context().autocommit_block():
        op.execute("""
            DO CASE WHEN EXISTS (
                SELECT 1
                FROM orders AS child
                WHERE child.customer_id IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.customer_id)
                LIMIT 1
            ) THEN UUID_TO_BIN('rows of orders point to rows of customers that do not exist') END
        """)
