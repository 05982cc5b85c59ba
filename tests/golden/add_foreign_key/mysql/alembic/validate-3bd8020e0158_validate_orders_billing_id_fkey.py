"""validate orders_billing_id_fkey

Plan     add-foreign-key-orders-customers · validate · 1 of 1
Deploy   after expand
Up       consistent read on orders while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: orders_billing_id_fkey stays validated, which harms nothing · lossless

Revision ID: 3bd8020e0158
Revises: 916bb2bbd989
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "3bd8020e0158"
down_revision: Union[str, Sequence[str], None] = "916bb2bbd989"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # A transaction would not undo this: each statement commits by itself.
    with op.get_context().autocommit_block():
        op.execute("""
            DO CASE WHEN EXISTS (
                SELECT 1
                FROM orders AS child
                WHERE child.billing_id IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.billing_id)
                LIMIT 1
            ) THEN UUID_TO_BIN('rows of orders point to rows of customers that do not exist') END
        """)


def downgrade() -> None:
    """orders_billing_id_fkey stays validated, which harms nothing."""
