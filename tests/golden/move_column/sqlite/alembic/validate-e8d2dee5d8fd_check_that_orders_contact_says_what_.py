"""check that orders.contact says what customers.email says

Plan     move-customers-email · validate · 1 of 1
Deploy   when the fill is done; then deploy the code that reads the new place and still writes both
Up       no lock
Down     a comparison changes nothing: nothing to undo · lossless

Revision ID: e8d2dee5d8fd
Revises: a2be00559345
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "e8d2dee5d8fd"
down_revision: Union[str, Sequence[str], None] = "a2be00559345"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    offending = sa.text("""
        SELECT orders.id
        FROM orders, customers
        WHERE customers.id = orders.customer_id AND orders.contact IS NOT customers.email
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "orders.contact does not say yet what customers.email says: let all code "
            "write both, then run the backfill to its end"
        )
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


def downgrade() -> None:
    """A comparison changes nothing: nothing to undo."""
