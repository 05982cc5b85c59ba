"""no longer require orders.status_code

Plan     rename-orders-status-code · contract · 2 of 5
Deploy   a release later, when every running instance uses only status
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 2–8 min: reads and writes go on;
         then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 0379a590216e
Revises: 6eb98c83dd25
Create Date: 2026-11-23 10:30:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "0379a590216e"
down_revision: Union[str, Sequence[str], None] = "6eb98c83dd25"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_check_constraint(
        op.f("orders_status_code_required"),
        "orders",
        "status_code IS NOT NULL",
        postgresql_not_valid=True,
    )
    op.alter_column(
        "orders", "status_code", existing_type=sa.String(length=20), nullable=True
    )


def downgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status")
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_status_code_required")

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.alter_column(
        "orders", "status_code", existing_type=sa.String(length=20), nullable=False
    )
    op.drop_constraint(op.f("orders_status_code_required"), "orders", type_="check")
