"""prove customers.contact has no nulls

Plan     merge-customers-contact · validate · 2 of 3
Deploy   when the fill is done; then deploy the code that uses only contact
Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
         on
Down     nothing to do: customers_contact_required stays validated, which harms nothing · lossless

Revision ID: 1133c423e00d
Revises: 31e15fbe752b
Create Date: 2026-11-23 10:24:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "1133c423e00d"
down_revision: Union[str, Sequence[str], None] = "31e15fbe752b"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("""
            ALTER TABLE customers VALIDATE CONSTRAINT customers_contact_required
        """)


def downgrade() -> None:
    """customers_contact_required stays validated, which harms nothing."""
