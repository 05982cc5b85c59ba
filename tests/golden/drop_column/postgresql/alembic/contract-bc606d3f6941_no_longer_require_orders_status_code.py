"""no longer require orders.status_code

Plan     drop-orders-status-code · contract · 4 of 9
Deploy   a release later
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on;
         then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: bc606d3f6941
Revises: 0e9d0a3d8234
Create Date: 2026-11-23 10:23:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "bc606d3f6941"
down_revision: Union[str, Sequence[str], None] = "0e9d0a3d8234"
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
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_status_code_required")

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.alter_column(
        "orders", "status_code", existing_type=sa.String(length=20), nullable=False
    )
    op.drop_constraint(op.f("orders_status_code_required"), "orders", type_="check")
