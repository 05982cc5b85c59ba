"""let rows leave out customers.name

Plan     merge-customers-contact · contract · 1 of 5
Deploy   a release later, when every running instance uses only contact
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: 1133c423e00d
Revises: 31e15fbe752b
Create Date: 2026-11-23 10:24:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "1133c423e00d"
down_revision: Union[str, Sequence[str], None] = "31e15fbe752b"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE customers ALTER COLUMN name SET DEFAULT '', ALGORITHM=INSTANT
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE customers ALTER COLUMN name DROP DEFAULT, ALGORITHM=INSTANT
    """)
