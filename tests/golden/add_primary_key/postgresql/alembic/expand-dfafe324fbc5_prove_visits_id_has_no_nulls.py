"""prove visits.id has no nulls

Plan     make-visits-id-the-primary-key · expand · 2 of 4
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       SHARE UPDATE EXCLUSIVE on visits while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: visits_id_required stays validated, which harms nothing · lossless

Revision ID: dfafe324fbc5
Revises: 8defffc50613
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "dfafe324fbc5"
down_revision: Union[str, Sequence[str], None] = "8defffc50613"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE visits VALIDATE CONSTRAINT visits_id_required")


def downgrade() -> None:
    """visits_id_required stays validated, which harms nothing."""
