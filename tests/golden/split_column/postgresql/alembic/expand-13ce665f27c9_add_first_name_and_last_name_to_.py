"""add first_name and last_name to customers

Plan     split-customers-name · expand · 1 of 2
Deploy   before the deploy of the code that uses first_name and last_name
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

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
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    offending = sa.text("""
        SELECT id
        FROM customers
        WHERE name IS DISTINCT FROM concat_ws(' ', split_part(name, ' ', 1), nullif(substr(name, length(split_part(name, ' ', 1)) + 2), ''))
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
        WHERE NOT (char_length(nullif(substr(name, length(split_part(name, ' ', 1)) + 2), '')) <= 80)
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "name of customers makes texts that are too long for last_name (character "
            "varying(80)): choose a wider type, or mend them"
        )
    # Name holds every value too.
    op.add_column("customers", sa.Column("first_name", sa.Text(), nullable=True))
    # Name holds every value too.
    op.add_column(
        "customers", sa.Column("last_name", sa.String(length=80), nullable=True)
    )


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_column("customers", "last_name")
    op.drop_column("customers", "first_name")
