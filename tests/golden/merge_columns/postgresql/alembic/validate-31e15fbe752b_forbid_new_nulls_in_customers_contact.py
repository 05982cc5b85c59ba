"""forbid new nulls in customers.contact

Plan     merge-customers-contact · validate · 1 of 3
Deploy   when the fill is done; then deploy the code that uses only contact
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: 31e15fbe752b
Revises: 23cb410080c7
Create Date: 2026-11-23 10:23:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "31e15fbe752b"
down_revision: Union[str, Sequence[str], None] = "23cb410080c7"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    offending = sa.text("SELECT id FROM customers WHERE contact IS NULL LIMIT 5")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "customers.contact still holds NULLs: fill them before it becomes required"
        )
    op.create_check_constraint(
        op.f("customers_contact_required"),
        "customers",
        "contact IS NOT NULL",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint(op.f("customers_contact_required"), "customers", type_="check")
