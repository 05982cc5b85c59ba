"""audit order totals

Revision ID: 97d3b5e20f6a
Revises: e6018a7d4c2b
Create Date: 2026-02-03 11:55:40.918233+00:00

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "97d3b5e20f6a"
down_revision: str | None = "e6018a7d4c2b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "order_audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("old_total_cents", sa.BigInteger(), nullable=False),
        sa.Column("new_total_cents", sa.BigInteger(), nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("changed_by", sa.Text(), server_default=sa.text("CURRENT_USER"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_audit")),
    )
    op.execute(
        """
        CREATE FUNCTION audit_orders() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO order_audit (order_id, old_total_cents, new_total_cents)
            VALUES (NEW.id, OLD.total_cents, NEW.total_cents);
            RETURN NULL;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER audit_orders
        AFTER UPDATE OF total_cents ON orders
        FOR EACH ROW WHEN (OLD.total_cents IS DISTINCT FROM NEW.total_cents)
        EXECUTE FUNCTION audit_orders()
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_orders ON orders")
    op.execute("DROP FUNCTION audit_orders()")
    op.drop_table("order_audit")
