"""sync status_code and status of orders

Plan     rename-orders-status-code · expand · 2 of 2
Deploy   before the deploy of the code that uses status
Up       metadata lock on orders, < 10 ms, waits at most 2 s
Down     metadata lock on orders, < 10 ms, waits at most 2 s · lossless

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
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_insert")
    op.execute("""
        CREATE TRIGGER zz_sync_orders_status_code_status_insert BEFORE INSERT ON orders FOR EACH ROW
        SET NEW.status_code = IF(NEW.status IS NOT NULL, NEW.status, NEW.status_code),
            NEW.status = IF(NEW.status IS NOT NULL, NEW.status, NEW.status_code)
    """)
    op.execute("DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_update")
    op.execute("""
        CREATE TRIGGER zz_sync_orders_status_code_status_update BEFORE UPDATE ON orders FOR EACH ROW
        SET NEW.status_code = IF((NOT (CAST(NEW.status AS BINARY) <=> CAST(OLD.status AS BINARY))), NEW.status, NEW.status_code),
            NEW.status = NEW.status_code
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_insert")
    op.execute("DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_update")
