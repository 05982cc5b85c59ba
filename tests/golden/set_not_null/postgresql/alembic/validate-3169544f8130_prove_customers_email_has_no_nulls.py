"""prove customers.email has no nulls

Plan     require-customers-email · validate · 2 of 3
Deploy   when the fill is done
Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
         on
Down     nothing to do: customers_email_required stays validated, which harms nothing · lossless

Revision ID: 3169544f8130
Revises: 6c37a3f9aa04
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "3169544f8130"
down_revision: Union[str, Sequence[str], None] = "6c37a3f9aa04"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE customers VALIDATE CONSTRAINT customers_email_required")


def downgrade() -> None:
    """customers_email_required stays validated, which harms nothing."""
