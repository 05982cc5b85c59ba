"""require customers.first_name

Plan     split-customers-name · validate · 3 of 3
Deploy   when the fill is done; then deploy the code that uses only first_name and last_name
Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
         on; then ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: 9104f56c8cf5
Revises: fa42753f1830
Create Date: 2026-11-23 10:25:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "9104f56c8cf5"
down_revision: Union[str, Sequence[str], None] = "fa42753f1830"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        # Done already, unless a downgrade came between.
        op.execute("""
            ALTER TABLE customers VALIDATE CONSTRAINT customers_first_name_required
        """)

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.alter_column("customers", "first_name", existing_type=sa.Text(), nullable=False)
    op.drop_constraint(
        op.f("customers_first_name_required"), "customers", type_="check"
    )


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_check_constraint(
        op.f("customers_first_name_required"),
        "customers",
        "first_name IS NOT NULL",
        postgresql_not_valid=True,
    )
    op.alter_column("customers", "first_name", existing_type=sa.Text(), nullable=True)
