"""sync status_code and status of orders

Plan     rename-orders-status-code · expand · 2 of 2
Deploy   before the deploy of the code that uses status
Up       SHARE ROW EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 7dd722b3c2f9
Revises: 7e43c1c8edca
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "7dd722b3c2f9"
down_revision: Union[str, Sequence[str], None] = "7e43c1c8edca"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("""
        CREATE FUNCTION zz_sync_orders_status_code_status() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NEW.status IS NOT NULL THEN
                    NEW.status_code := NEW.status;
                ELSE
                    NEW.status := NEW.status_code;
                END IF;
            ELSIF NEW.status IS DISTINCT FROM OLD.status THEN
                NEW.status_code := NEW.status;
            ELSIF NEW.status_code IS DISTINCT FROM OLD.status_code THEN
                NEW.status := NEW.status_code;
            END IF;
            RETURN NEW;
        END
        $migwiz$
    """)
    op.execute("""
        CREATE TRIGGER zz_sync_orders_status_code_status
            BEFORE INSERT OR UPDATE
            ON orders
            FOR EACH ROW
            EXECUTE FUNCTION zz_sync_orders_status_code_status()
    """)


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("DROP TRIGGER zz_sync_orders_status_code_status ON orders")
    op.execute("DROP FUNCTION zz_sync_orders_status_code_status()")
