"""create invoices

Plan     create-table-invoices · expand · 1 of 1
Deploy   before the deploy of the code that uses invoices
Up       RESERVED on invoices, < 10 ms, waits at most 2 s
Down     EXCLUSIVE on invoices, < 10 ms, waits at most 2 s · lossless until invoices is written

Revision ID: 6170be27fae8
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "6170be27fae8"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("total", sa.Numeric(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "sent_at",
            sa.TIMESTAMP(),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=True,
        ),
        sa.Column("paid_at", sa.TIMESTAMP(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("invoices_pkey")),
        sa.UniqueConstraint("number", name=op.f("invoices_number_key")),
        sa.CheckConstraint("paid_at >= sent_at", name=op.f("ck_invoices_paid")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("invoices_customer_id_fkey")
        ),
    )
    op.create_index(
        "ix_invoices_sent_at",
        "invoices",
        [sa.text("sent_at DESC")],
        sqlite_where=sa.text("paid_at IS NULL"),
    )
    op.create_index("ix_invoices_customer_id", "invoices", ["customer_id"])


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    offending = sa.text("SELECT 1 FROM invoices LIMIT 1")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "invoices holds rows, which the way back would lose: delete them first if "
            "they may go"
        )
    op.drop_table("invoices")
