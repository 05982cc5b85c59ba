"""swap orders.total for its numeric(14,4) twin

Plan     change-type-orders-total · switch · 2 of 2
Deploy   after the deploy that copes with both types; then recycle connections: prepared statements
         of orders fail until then
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until orders.total holds
         a value that numeric(10,2) cannot hold

Revision ID: fd4ada6b0524
Revises: 4c4e74cbca45
Create Date: 2026-11-23 10:24:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "fd4ada6b0524"
down_revision: Union[str, Sequence[str], None] = "4c4e74cbca45"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("DROP TRIGGER zz_sync_orders_total_total_new ON orders")
    op.execute("DROP FUNCTION zz_sync_orders_total_total_new()")
    op.alter_column("orders", "total", new_column_name="total_old")
    op.alter_column("orders", "total_new", new_column_name="total")
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


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    offending = sa.text("""
        SELECT id
        FROM orders
        WHERE NOT (abs(total) < 100000000 AND total = round(total, 2))
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "the way back is closed: orders.total holds values that numeric(10,2) "
            "cannot hold"
        )
    op.execute("DROP TRIGGER zz_sync_orders_total_old_total ON orders")
    op.execute("DROP FUNCTION zz_sync_orders_total_old_total()")
    op.alter_column("orders", "total", new_column_name="total_new")
    op.alter_column("orders", "total_old", new_column_name="total")
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
