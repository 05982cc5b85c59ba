"""check that total_new of orders is complete

Plan     change-type-orders-total · switch · 1 of 2 · data only
Deploy   after the deploy that copes with both types; then recycle connections: prepared statements
         of orders fail until then
Up       no lock
Down     it only looks: nothing to undo · lossless

Revision ID: 4c4e74cbca45
Revises: ea14dbe9fc48
Create Date: 2026-11-23 10:23:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "4c4e74cbca45"
down_revision: Union[str, Sequence[str], None] = "ea14dbe9fc48"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    offending = sa.text("""
        SELECT id FROM orders WHERE total_new IS DISTINCT FROM total LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "total and total_new of orders still differ: run the backfill to its end "
            "first"
        )


def downgrade() -> None:
    """It only looks: nothing to undo."""
