"""sync total with total_new of orders

Plan     change-type-orders-total · expand · 2 of 2
Deploy   before the deploy of the code that uses orders.total as numeric(14,4)
Up       SHARE ROW EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 2161b17ceca9
Revises: 28d7f5890d5e
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "2161b17ceca9"
down_revision: Union[str, Sequence[str], None] = "28d7f5890d5e"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("""
        CREATE FUNCTION zz_sync_orders_total_total_new() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
        BEGIN
            NEW.total_new := NEW.total;
            RETURN NEW;
        END
        $migwiz$
    """)
    op.execute("""
        CREATE TRIGGER zz_sync_orders_total_total_new
            BEFORE INSERT OR UPDATE
            ON orders
            FOR EACH ROW
            EXECUTE FUNCTION zz_sync_orders_total_total_new()
    """)


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("DROP TRIGGER zz_sync_orders_total_total_new ON orders")
    op.execute("DROP FUNCTION zz_sync_orders_total_total_new()")
