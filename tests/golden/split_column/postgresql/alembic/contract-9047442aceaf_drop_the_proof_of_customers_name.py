"""drop the proof of customers.name

Plan     split-customers-name · contract · 2 of 4
Deploy   a release later, when every running instance uses only first_name and last_name
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless until a NULL is
         written to name

Revision ID: 9047442aceaf
Revises: 3dd9ff8f2460
Create Date: 2026-11-23 10:27:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "9047442aceaf"
down_revision: Union[str, Sequence[str], None] = "3dd9ff8f2460"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint(op.f("customers_name_required"), "customers", type_="check")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    offending = sa.text("SELECT id FROM customers WHERE name IS NULL LIMIT 5")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "customers.name still holds NULLs: fill them before it becomes required"
        )
    op.create_check_constraint(
        op.f("customers_name_required"),
        "customers",
        "name IS NOT NULL",
        postgresql_not_valid=True,
    )
