"""require customers.contact

Plan     merge-customers-contact · validate · 3 of 3
Deploy   when the fill is done; then deploy the code that uses only contact
Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
         on; then ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: 879bdb695bfc
Revises: 1133c423e00d
Create Date: 2026-11-23 10:25:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "879bdb695bfc"
down_revision: Union[str, Sequence[str], None] = "1133c423e00d"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        # Done already, unless a downgrade came between.
        op.execute("""
            ALTER TABLE customers VALIDATE CONSTRAINT customers_contact_required
        """)

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.alter_column("customers", "contact", existing_type=sa.Text(), nullable=False)
    op.drop_constraint(op.f("customers_contact_required"), "customers", type_="check")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_check_constraint(
        op.f("customers_contact_required"),
        "customers",
        "contact IS NOT NULL",
        postgresql_not_valid=True,
    )
    op.alter_column("customers", "contact", existing_type=sa.Text(), nullable=True)
