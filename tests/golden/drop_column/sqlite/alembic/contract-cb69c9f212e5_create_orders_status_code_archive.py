"""create orders_status_code_archive

Plan     drop-orders-status-code · contract · 2 of 5
Deploy   a release later, when no running instance names orders.status_code
Up       RESERVED on orders_status_code_archive, < 10 ms, waits at most 2 s
Down     EXCLUSIVE on orders_status_code_archive, < 10 ms, waits at most 2 s · lossless

Revision ID: cb69c9f212e5
Revises: 347857eca26a
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "cb69c9f212e5"
down_revision: Union[str, Sequence[str], None] = "347857eca26a"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.create_table(
        "orders_status_code_archive",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status_code", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("orders_status_code_archive_pkey")),
    )


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.drop_table("orders_status_code_archive")
