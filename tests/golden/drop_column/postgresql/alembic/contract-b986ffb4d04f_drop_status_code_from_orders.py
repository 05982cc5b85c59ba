"""drop status_code from orders

Plan     drop-orders-status-code · contract · 9 of 9
Deploy   a release later
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until
         orders_status_code_archive is dropped

Revision ID: b986ffb4d04f
Revises: 23ebaa756f28
Create Date: 2026-11-23 10:28:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "b986ffb4d04f"
down_revision: Union[str, Sequence[str], None] = "23ebaa756f28"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_column("orders", "status_code")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column(
        "orders", sa.Column("status_code", sa.String(length=20), nullable=True)
    )
