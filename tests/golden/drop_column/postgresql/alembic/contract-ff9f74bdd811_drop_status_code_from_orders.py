"""drop status_code from orders

Plan     drop-orders-status-code · contract · 7 of 7
Deploy   a release later, when no running instance names orders.status_code
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until
         orders_status_code_archive is dropped

Revision ID: ff9f74bdd811
Revises: 4c21c9be6346
Create Date: 2026-11-23 10:26:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "ff9f74bdd811"
down_revision: Union[str, Sequence[str], None] = "4c21c9be6346"
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
        "orders",
        sa.Column(
            "status_code", sa.String(length=20), server_default="new", nullable=False
        ),
    )
