"""create orders_note_old

Plan     fill-orders-note · expand · 1 of 1
Deploy   at any time
Up       no lock
Down     ACCESS EXCLUSIVE on orders_note_old, < 10 ms, waits at most 2 s · lossless

Revision ID: 1669d07911c5
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "1669d07911c5"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table(
        "orders_note_old",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("old_note", sa.Text(), nullable=True),
        sa.Column("new_note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("orders_note_old_pkey")),
        comment="Old values of orders.note, kept by the plan fill-orders-note; its contract phase drops this table.",
    )


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("orders_note_old")
