"""require visits.id

Plan     make-visits-id-the-primary-key · expand · 3 of 4
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       SHARE UPDATE EXCLUSIVE on visits while reading every row, 1–4 min: reads and writes go on;
         then ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless

Revision ID: 3a032af80537
Revises: dfafe324fbc5
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "3a032af80537"
down_revision: Union[str, Sequence[str], None] = "dfafe324fbc5"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        # Done already, unless a downgrade came between.
        op.execute("ALTER TABLE visits VALIDATE CONSTRAINT visits_id_required")

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.alter_column("visits", "id", existing_type=sa.BigInteger(), nullable=False)
    op.drop_constraint(op.f("visits_id_required"), "visits", type_="check")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_check_constraint(
        op.f("visits_id_required"),
        "visits",
        "id IS NOT NULL",
        postgresql_not_valid=True,
    )
    op.alter_column("visits", "id", existing_type=sa.BigInteger(), nullable=True)
