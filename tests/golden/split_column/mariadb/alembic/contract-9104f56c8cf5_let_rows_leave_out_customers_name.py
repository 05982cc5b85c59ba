"""let rows leave out customers.name

Plan     split-customers-name · contract · 1 of 4
Deploy   a release later, when every running instance uses only first_name and last_name
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: 9104f56c8cf5
Revises: fa42753f1830
Create Date: 2026-11-23 10:25:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "9104f56c8cf5"
down_revision: Union[str, Sequence[str], None] = "fa42753f1830"
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
