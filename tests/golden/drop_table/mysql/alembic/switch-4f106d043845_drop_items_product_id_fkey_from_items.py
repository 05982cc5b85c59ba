"""drop items_product_id_fkey from items

Plan     drop-items · switch · 2 of 3
Deploy   when nothing uses items any more
Up       INPLACE, LOCK=NONE on products and items, < 10 ms, waits at most 2 s
Down     INPLACE, LOCK=NONE on products and items, < 10 ms, waits at most 2 s · lossless until a row
         of products is deleted to which one of items points

Revision ID: 4f106d043845
Revises: 0066761b9f84
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "4f106d043845"
down_revision: Union[str, Sequence[str], None] = "0066761b9f84"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE items DROP FOREIGN KEY items_product_id_fkey,
            ALGORITHM=INPLACE,
            LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("""
        SELECT child.id
        FROM items AS child
        WHERE child.product_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM products AS parent WHERE parent.id = child.product_id)
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError("rows of items point to rows of products that do not exist")
    op.execute("SET SESSION foreign_key_checks = 0")
    op.execute("""
        ALTER TABLE items
            ADD CONSTRAINT items_product_id_fkey
            FOREIGN KEY (product_id) REFERENCES products (id), ALGORITHM=INPLACE, LOCK=NONE
    """)
    op.execute("SET SESSION foreign_key_checks = 1")
