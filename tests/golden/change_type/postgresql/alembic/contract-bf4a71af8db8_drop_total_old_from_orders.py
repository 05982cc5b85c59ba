"""drop total_old from orders

Plan     change-type-orders-total · contract · 2 of 2
Deploy   a release later, when every running instance uses orders.total as numeric(14,4)
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until orders.total holds
         a value that numeric(10,2) cannot hold

Revision ID: bf4a71af8db8
Revises: 0cb69bed6db7
Create Date: 2026-11-23 10:26:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "bf4a71af8db8"
down_revision: Union[str, Sequence[str], None] = "0cb69bed6db7"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("DROP TRIGGER zz_sync_orders_total_old_total ON orders")
    op.execute("DROP FUNCTION zz_sync_orders_total_old_total()")
    # The downgrade fills total_old again from total.
    op.drop_column("orders", "total_old")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column(
        "orders",
        sa.Column("total_old", sa.Numeric(precision=10, scale=2), nullable=True),
    )
    op.execute("""
        CREATE FUNCTION zz_sync_orders_total_old_total() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.total IS DISTINCT FROM OLD.total THEN
                NEW.total_old := CASE WHEN abs(NEW.total) < 100000000 AND NEW.total = round(NEW.total, 2) THEN NEW.total END;
            END IF;
            RETURN NEW;
        END
        $migwiz$
    """)
    op.execute("""
        CREATE TRIGGER zz_sync_orders_total_old_total
            BEFORE INSERT OR UPDATE
            ON orders
            FOR EACH ROW
            EXECUTE FUNCTION zz_sync_orders_total_old_total()
    """)
