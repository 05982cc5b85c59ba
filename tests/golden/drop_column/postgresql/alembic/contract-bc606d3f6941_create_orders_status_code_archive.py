"""create orders_status_code_archive

Plan     drop-orders-status-code · contract · 4 of 7
Deploy   a release later, when no running instance names orders.status_code
Up       no lock
Down     ACCESS EXCLUSIVE on orders_status_code_archive, < 10 ms, waits at most 2 s · lossless

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
    op.create_table(
        "orders_status_code_archive",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("status_code", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("orders_status_code_archive_pkey")),
    )


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("orders_status_code_archive")
