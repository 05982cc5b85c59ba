"""require customers.email

Plan     require-customers-email · validate · 3 of 3
Deploy   when the fill is done
Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
         on; then ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: e4f9ecad93cd
Revises: 3169544f8130
Create Date: 2026-11-23 10:23:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "e4f9ecad93cd"
down_revision: Union[str, Sequence[str], None] = "3169544f8130"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        # Done already, unless a downgrade came between.
        op.execute("ALTER TABLE customers VALIDATE CONSTRAINT customers_email_required")

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.alter_column("customers", "email", existing_type=sa.Text(), nullable=False)
    op.drop_constraint(op.f("customers_email_required"), "customers", type_="check")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_check_constraint(
        op.f("customers_email_required"),
        "customers",
        "email IS NOT NULL",
        postgresql_not_valid=True,
    )
    op.alter_column("customers", "email", existing_type=sa.Text(), nullable=True)
