"""create invoices

Plan     create-table-invoices · expand · 1 of 1
Deploy   before the deploy of the code that uses invoices
Up       no lock
Down     metadata lock on invoices, < 10 ms, waits at most 2 s · lossless until invoices is written

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
    op.execute("""
        CREATE TABLE invoices (
            id bigint(20) NOT NULL AUTO_INCREMENT,
            customer_id bigint(20) NOT NULL,
            number varchar(20) NOT NULL,
            total decimal(10,2) NOT NULL DEFAULT 0,
            sent_at datetime NULL DEFAULT CURRENT_TIMESTAMP,
            paid_at datetime NULL DEFAULT NULL,
            PRIMARY KEY (id),
            CONSTRAINT invoices_number_key UNIQUE (number),
            CONSTRAINT ck_invoices_paid CHECK (paid_at >= sent_at),
            CONSTRAINT invoices_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
            INDEX ix_invoices_sent_at (sent_at DESC),
            INDEX ix_invoices_customer_id (customer_id)
        )
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("SELECT 1 FROM invoices LIMIT 1")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "invoices holds rows, which the way back would lose: delete them first if "
            "they may go"
        )
    op.execute("DROP TABLE invoices")
