"""require customers.contact

Plan     merge-customers-contact · validate · 1 of 1
Deploy   when the fill is done; then deploy the code that uses only contact
Up       INPLACE, LOCK=NONE on customers while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time
Down     INPLACE, LOCK=NONE on customers while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time ·
         lossless

Revision ID: 31e15fbe752b
Revises: 23cb410080c7
Create Date: 2026-11-23 10:23:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "31e15fbe752b"
down_revision: Union[str, Sequence[str], None] = "23cb410080c7"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("SELECT id FROM customers WHERE contact IS NULL LIMIT 5")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "customers.contact still holds NULLs: fill them before it becomes required"
        )
    op.execute("""
        SET STATEMENT sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES') FOR ALTER TABLE customers MODIFY COLUMN contact varchar(420) NOT NULL,
            ALGORITHM=INPLACE,
            LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE customers MODIFY COLUMN contact varchar(420) NULL DEFAULT NULL,
            ALGORITHM=INPLACE,
            LOCK=NONE
    """)
