"""make customers (email) unique

Plan     make-customers-email-unique · expand · 1 of 1
Deploy   after the deploy whose code writes no doubles
Up       NOCOPY, LOCK=NONE on customers while building, 1–7 min: reads and writes go on, but queue
         at both ends, where it waits for open transactions, at most 2 s each time
Down     NOCOPY, LOCK=NONE on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: d99e66010d30
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "d99e66010d30"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("""
        SELECT email, count(*)
        FROM customers
        WHERE email IS NOT NULL
        GROUP BY email
        HAVING count(*) > 1
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "customers holds rows with equal email: customers_email_key cannot be "
            "unique before they differ"
        )
    op.execute("""
        ALTER TABLE customers
            ADD CONSTRAINT customers_email_key
            UNIQUE (email), ALGORITHM=NOCOPY, LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE customers DROP INDEX customers_email_key, ALGORITHM=NOCOPY, LOCK=NONE
    """)
