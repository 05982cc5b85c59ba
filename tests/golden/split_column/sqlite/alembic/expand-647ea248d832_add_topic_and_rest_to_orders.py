"""add topic and rest to orders

Plan     split-orders-note · expand · 1 of 2
Deploy   before the deploy of the code that uses topic and rest
Up       RESERVED on orders, < 10 ms, waits at most 2 s
Down     EXCLUSIVE on orders while writing the table anew, 13–40 min, waits at most 2 s: reads and
         writes wait · lossless

Revision ID: 647ea248d832
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "647ea248d832"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    offending = sa.text("""
        SELECT id
        FROM orders
        WHERE note IS NOT (substr(note, 1, instr(note || ' ', ' ') - 1) || coalesce(' ' || nullif(substr(note, instr(note || ' ', ' ') + 1), ''), ''))
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "note of orders holds values that do not come back as they were from topic "
            "and rest: mend them, write other expressions, or accept it with "
            "--normalise"
        )
    # Note holds every value too.
    op.add_column("orders", sa.Column("topic", sa.Text(), nullable=True))
    # Note holds every value too.
    op.add_column("orders", sa.Column("rest", sa.Text(), nullable=True))


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.drop_column("orders", "rest")
    op.drop_column("orders", "topic")
