"""add first_name to customers

Plan     split-customers-name · expand · 1 of 3
Deploy   before the deploy of the code that uses first_name and last_name
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: 13ce665f27c9
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "13ce665f27c9"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("""
        SELECT id
        FROM customers
        WHERE NOT (CAST(name AS binary) <=> CAST(concat_ws(' ', substring_index(name, ' ', 1), nullif(substr(name, char_length(substring_index(name, ' ', 1)) + 2), '')) AS binary))
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "name of customers holds values that do not come back as they were from "
            "first_name and last_name: mend them, write other expressions, or accept "
            "it with --normalise"
        )
    offending = sa.text("""
        SELECT id
        FROM customers
        WHERE NOT (char_length(nullif(substr(name, char_length(substring_index(name, ' ', 1)) + 2), '')) <= 80)
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "name of customers makes texts that are too long for last_name "
            "(varchar(80)): choose a wider type, or mend them"
        )
    # Name holds every value too.
    op.execute("""
        ALTER TABLE customers
            ADD COLUMN first_name varchar(200) NULL DEFAULT NULL, ALGORITHM=INSTANT
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("ALTER TABLE customers DROP COLUMN first_name, ALGORITHM=INSTANT")
