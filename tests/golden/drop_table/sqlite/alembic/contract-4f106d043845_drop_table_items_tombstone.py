"""drop table items_tombstone

Plan     drop-items · contract · 1 of 1
Deploy   a release later, when nobody has missed items
Up       EXCLUSIVE on items_tombstone, < 10 ms, waits at most 2 s
Down     RESERVED on items, < 10 ms, waits at most 2 s · structure only: items comes back empty: its
         rows are gone

Revision ID: 4f106d043845
Revises: 0066761b9f84
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "4f106d043845"
down_revision: Union[str, Sequence[str], None] = "0066761b9f84"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.drop_table("items_tombstone")


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Text(), server_default="pending", nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("items_product_id_fkey")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_items_amount")),
    )
    op.create_index("ix_items_product_id", "items", ["product_id"])
    op.create_index("ix_items_delivery", "items", ["delivery"])
    op.rename_table("items", "items_tombstone")
