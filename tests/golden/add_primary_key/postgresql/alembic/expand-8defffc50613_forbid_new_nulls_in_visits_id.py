"""forbid new nulls in visits.id

Plan     make-visits-id-the-primary-key · expand · 1 of 4
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless

Revision ID: 8defffc50613
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "8defffc50613"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    offending = sa.text("SELECT 1 FROM visits WHERE id IS NULL LIMIT 5")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "visits.id still holds NULLs: fill them before it becomes required"
        )
    op.create_check_constraint(
        op.f("visits_id_required"),
        "visits",
        "id IS NOT NULL",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint(op.f("visits_id_required"), "visits", type_="check")
