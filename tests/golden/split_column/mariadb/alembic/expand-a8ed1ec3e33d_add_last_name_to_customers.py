"""add last_name to customers

Plan     split-customers-name · expand · 2 of 3
Deploy   before the deploy of the code that uses first_name and last_name
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: a8ed1ec3e33d
Revises: 13ce665f27c9
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "a8ed1ec3e33d"
down_revision: Union[str, Sequence[str], None] = "13ce665f27c9"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    # Name holds every value too.
    op.execute("""
        ALTER TABLE customers
            ADD COLUMN last_name varchar(80) NULL DEFAULT NULL, ALGORITHM=INSTANT
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("ALTER TABLE customers DROP COLUMN last_name, ALGORITHM=INSTANT")
