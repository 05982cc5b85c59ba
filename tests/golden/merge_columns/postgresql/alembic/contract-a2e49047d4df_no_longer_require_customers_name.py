"""no longer require customers.name

Plan     merge-customers-contact · contract · 1 of 4
Deploy   a release later, when every running instance uses only contact
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
         on; then ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless until a NULL
         is written to name

Revision ID: a2e49047d4df
Revises: 879bdb695bfc
Create Date: 2026-11-23 10:26:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "a2e49047d4df"
down_revision: Union[str, Sequence[str], None] = "879bdb695bfc"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_check_constraint(
        op.f("customers_name_required"),
        "customers",
        "name IS NOT NULL",
        postgresql_not_valid=True,
    )
    op.alter_column("customers", "name", existing_type=sa.Text(), nullable=True)


def downgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE customers VALIDATE CONSTRAINT customers_name_required")

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.alter_column("customers", "name", existing_type=sa.Text(), nullable=False)
    op.drop_constraint(op.f("customers_name_required"), "customers", type_="check")
