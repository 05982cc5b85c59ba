"""add contact to customers

Plan     merge-customers-contact · expand · 1 of 2
Deploy   before the deploy of the code that uses contact
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: d2af2cfbbe00
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "d2af2cfbbe00"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("""
        SELECT id
        FROM customers
        WHERE NOT (CAST(name AS binary) <=> CAST(substring_index(concat(name, coalesce(concat(' <', email, '>'), '')), ' <', 1) AS binary)) OR NOT (CAST(email AS binary) <=> CAST(nullif(substr(trim(trailing '>' from concat(name, coalesce(concat(' <', email, '>'), ''))), char_length(substring_index(concat(name, coalesce(concat(' <', email, '>'), '')), ' <', 1)) + 3), '') AS binary))
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "name and email of customers hold values that do not come back as they "
            "were from contact: mend them, write other expressions, or accept it with "
            "--normalise"
        )
    offending = sa.text("""
        SELECT id
        FROM customers
        WHERE NOT (char_length(concat(name, coalesce(concat(' <', email, '>'), ''))) <= 420)
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "name and email of customers make texts that are too long for contact "
            "(varchar(420)): choose a wider type, or mend them"
        )
    # Name and email hold every value too.
    op.execute("""
        ALTER TABLE customers
            ADD COLUMN contact varchar(420) NULL DEFAULT NULL, ALGORITHM=INSTANT
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("ALTER TABLE customers DROP COLUMN contact, ALGORITHM=INSTANT")
