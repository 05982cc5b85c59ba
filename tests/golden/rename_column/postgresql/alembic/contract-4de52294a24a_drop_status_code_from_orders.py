"""drop status_code from orders

Plan     rename-orders-status-code · contract · 5 of 5
Deploy   a release later, when every running instance uses only status
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 4de52294a24a
Revises: e7aa41ee61e0
Create Date: 2026-11-23 10:33:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "4de52294a24a"
down_revision: Union[str, Sequence[str], None] = "e7aa41ee61e0"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.alter_column(
        "orders", "status", existing_type=sa.String(length=20), server_default="new"
    )
    op.alter_column(
        "orders", "status_code", existing_type=sa.String(length=20), server_default=None
    )
    op.execute("DROP TRIGGER zz_sync_orders_status_code_status ON orders")
    op.execute("DROP FUNCTION zz_sync_orders_status_code_status()")
    # The downgrade fills status_code again from status.
    op.drop_column("orders", "status_code")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column(
        "orders", sa.Column("status_code", sa.String(length=20), nullable=True)
    )
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
    op.alter_column(
        "orders",
        "status_code",
        existing_type=sa.String(length=20),
        server_default="new",
    )
    op.alter_column(
        "orders", "status", existing_type=sa.String(length=20), server_default=None
    )
