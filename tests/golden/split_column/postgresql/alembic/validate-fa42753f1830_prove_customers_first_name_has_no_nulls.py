"""prove customers.first_name has no nulls

Plan     split-customers-name · validate · 2 of 3
Deploy   when the fill is done; then deploy the code that uses only first_name and last_name
Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
         on
Down     nothing to do: customers_first_name_required stays validated, which harms nothing ·
         lossless

Revision ID: fa42753f1830
Revises: 24b0b172e918
Create Date: 2026-11-23 10:24:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "fa42753f1830"
down_revision: Union[str, Sequence[str], None] = "24b0b172e918"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("""
            ALTER TABLE customers VALIDATE CONSTRAINT customers_first_name_required
        """)


def downgrade() -> None:
    """customers_first_name_required stays validated, which harms nothing."""
