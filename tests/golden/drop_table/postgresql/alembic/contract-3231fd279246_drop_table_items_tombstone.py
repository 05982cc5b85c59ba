"""drop table items_tombstone

Plan     drop-items · contract · 1 of 1
Deploy   a release later, when nobody has missed items
Up       ACCESS EXCLUSIVE on items_tombstone, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s · structure only: items comes back
         empty: its rows are gone

Revision ID: 3231fd279246
Revises: 0230fd009a79
Create Date: 2026-11-23 10:23:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


# revision identifiers, used by Alembic.
revision: str = "3231fd279246"
down_revision: Union[str, Sequence[str], None] = "0230fd009a79"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("items_tombstone")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "items",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "delivery",
            postgresql.ENUM(name="delivery", create_type=False),
            server_default=sa.text("'pending'::delivery"),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False, comment="How many of it"),
        sa.PrimaryKeyConstraint("id", name=op.f("items_pkey")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_items_amount")),
        comment="What was ordered",
    )
    op.create_index("ix_items_product_id", "items", ["product_id"])
    op.create_index("ix_items_delivery", "items", ["delivery"])
    op.rename_table("items", "items_tombstone")
