"""add remark to orders

Plan     merge-orders-remark · expand · 1 of 2
Deploy   before the deploy of the code that uses remark
Up       RESERVED on orders, < 10 ms, waits at most 2 s
Down     EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
         writes wait · lossless

Revision ID: 13146596d03d
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "13146596d03d"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    offending = sa.text("""
        SELECT id
        FROM orders
        WHERE note IS NOT nullif(substr((coalesce(total, '') || '/' || coalesce(note, '')), instr((coalesce(total, '') || '/' || coalesce(note, '')), '/') + 1), '') OR total IS NOT cast(nullif(substr((coalesce(total, '') || '/' || coalesce(note, '')), 1, instr((coalesce(total, '') || '/' || coalesce(note, '')), '/') - 1), '') as numeric)
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "note and total of orders hold values that do not come back as they were "
            "from remark: mend them, write other expressions, or accept it with "
            "--normalise"
        )
    # Note and total hold every value too.
    op.add_column("orders", sa.Column("remark", sa.Text(), nullable=True))


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.drop_column("orders", "remark")
