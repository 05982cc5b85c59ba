"""prove items_product_id_fkey on the way back

Plan     drop-items · switch · 1 of 3
Deploy   when nothing uses items any more
Up       no lock
Down     consistent read on items while reading every row, 1–4 min: reads and writes go on ·
         lossless

Revision ID: 0066761b9f84
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "0066761b9f84"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Only the downgrade has work to do: it proves items_product_id_fkey."""


def downgrade() -> None:
    # A transaction would not undo this: each statement commits by itself.
    with op.get_context().autocommit_block():
        op.execute("""
            BEGIN NOT ATOMIC
                IF EXISTS (
                    SELECT 1
                    FROM items AS child
                    WHERE child.product_id IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM products AS parent WHERE parent.id = child.product_id)
                    LIMIT 1
                ) THEN
                    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'rows of items point to rows of products that do not exist';
                END IF;
            END
        """)
