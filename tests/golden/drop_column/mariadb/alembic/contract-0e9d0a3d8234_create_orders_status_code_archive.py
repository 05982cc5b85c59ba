"""create orders_status_code_archive

Plan     drop-orders-status-code · contract · 3 of 6
Deploy   a release later, when no running instance names orders.status_code
Up       no lock
Down     metadata lock on orders_status_code_archive, < 10 ms, waits at most 2 s · lossless

Revision ID: 0e9d0a3d8234
Revises: cb69c9f212e5
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "0e9d0a3d8234"
down_revision: Union[str, Sequence[str], None] = "cb69c9f212e5"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE orders_status_code_archive (
            id bigint(20) NOT NULL,
            status_code varchar(20) NULL DEFAULT NULL,
            PRIMARY KEY (id)
        )
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("DROP TABLE orders_status_code_archive")
