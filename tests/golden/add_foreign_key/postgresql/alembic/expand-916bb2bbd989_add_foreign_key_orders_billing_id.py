"""add foreign key orders billing_id

Plan     add-foreign-key-orders-customers · expand · 2 of 2
Deploy   at any time
Up       SHARE ROW EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 916bb2bbd989
Revises: 4a2c36993909
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "916bb2bbd989"
down_revision: Union[str, Sequence[str], None] = "4a2c36993909"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("LOCK TABLE customers, orders IN SHARE ROW EXCLUSIVE MODE")
    op.create_foreign_key(
        op.f("orders_billing_id_fkey"),
        "orders",
        "customers",
        ["billing_id"],
        ["id"],
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE")
    op.drop_constraint(op.f("orders_billing_id_fkey"), "orders", type_="foreignkey")
