"""create invoices

Plan     create-table-invoices · expand · 1 of 1
Deploy   before the deploy of the code that uses invoices
Up       SHARE ROW EXCLUSIVE on customers and invoices, < 10 ms, waits at most 2 s: writes wait,
         reads go on
Down     ACCESS EXCLUSIVE on invoices and customers, < 10 ms, waits at most 2 s · lossless until
         invoices is written

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
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "invoices",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "total",
            sa.Numeric(precision=10, scale=2),
            server_default=sa.text("0"),
            nullable=False,
            comment="With tax",
        ),
        sa.Column(
            "sent_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=True,
        ),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("invoices_pkey")),
        sa.UniqueConstraint("number", name=op.f("invoices_number_key")),
        sa.CheckConstraint("paid_at >= sent_at", name=op.f("ck_invoices_paid")),
    )
    op.create_index(
        "ix_invoices_sent_at",
        "invoices",
        [sa.text("sent_at DESC")],
        postgresql_where=sa.text("paid_at IS NULL"),
    )
    op.create_index("ix_invoices_customer_id", "invoices", ["customer_id"])
    op.create_foreign_key(
        op.f("invoices_customer_id_fkey"),
        "invoices",
        "customers",
        ["customer_id"],
        ["id"],
    )


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("LOCK TABLE invoices IN ACCESS EXCLUSIVE MODE")
    offending = sa.text("SELECT 1 FROM invoices LIMIT 1")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "invoices holds rows, which the way back would lose: delete them first if "
            "they may go"
        )
    op.drop_table("invoices")
