"""end the sync of status_code and status of orders

Plan     rename-orders-status-code · contract · 5 of 6
Deploy   a release later, when every running instance uses only status
Up       metadata lock on orders, < 10 ms, waits at most 2 s
Down     metadata lock on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 0379a590216e
Revises: 6eb98c83dd25
Create Date: 2026-11-23 10:30:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "0379a590216e"
down_revision: Union[str, Sequence[str], None] = "6eb98c83dd25"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_insert")
    op.execute("DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_update")


def downgrade() -> None:
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
