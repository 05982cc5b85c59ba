"""add contact to orders

Plan     move-customers-email · expand · 1 of 1
Deploy   before the deploy of the code that uses orders.contact
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until code writes only
         orders.contact

Revision ID: 49939997795a
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "49939997795a"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    offending = sa.text("""
        SELECT customers.id
        FROM customers
        WHERE customers.email IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM orders WHERE customers.id = orders.customer_id)
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "customers holds rows with a value in email and without a row of orders, "
            "where it would be lost: add these rows first, or clear the value"
        )
    op.add_column("orders", sa.Column("contact", sa.Text(), nullable=True))


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_column("orders", "contact")
