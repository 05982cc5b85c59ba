"""prove ck_visits_seconds of visits

Plan     prove-ck-visits-seconds-of-visits · validate · 1 of 1
Deploy   at any time
Up       SHARE UPDATE EXCLUSIVE on visits while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: ck_visits_seconds stays validated, which harms nothing · lossless

Revision ID: 4739af4df0f9
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "4739af4df0f9"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE visits VALIDATE CONSTRAINT ck_visits_seconds")


def downgrade() -> None:
    """ck_visits_seconds stays validated, which harms nothing."""
