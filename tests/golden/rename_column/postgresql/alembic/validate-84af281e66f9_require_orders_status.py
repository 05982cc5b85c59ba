"""require orders.status

Plan     rename-orders-status-code · validate · 6 of 6
Deploy   when the fill is done; then deploy the code that uses only status
Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on;
         then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 84af281e66f9
Revises: 1937d4a72ff3
Create Date: 2026-11-23 10:28:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "84af281e66f9"
down_revision: Union[str, Sequence[str], None] = "1937d4a72ff3"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Outside the transaction: the scan must not hold the locks of other steps.
    with op.get_context().autocommit_block():
        # Done already, unless a downgrade came between.
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_status_required")

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.alter_column(
        "orders", "status", existing_type=sa.String(length=20), nullable=False
    )
    op.drop_constraint(op.f("orders_status_required"), "orders", type_="check")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_check_constraint(
        op.f("orders_status_required"),
        "orders",
        "status IS NOT NULL",
        postgresql_not_valid=True,
    )
    op.alter_column(
        "orders", "status", existing_type=sa.String(length=20), nullable=True
    )
