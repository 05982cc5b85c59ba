"""point invoices to customers

Plan     create-table-invoices · expand · 2 of 2
Deploy   before the deploy of the code that uses invoices
Up       COPY, LOCK=SHARED on customers and invoices, < 10 ms, waits at most 2 s: writes wait, reads
         go on but for both ends
Down     INPLACE, LOCK=NONE on customers and invoices, < 10 ms, waits at most 2 s · lossless

Revision ID: 7ac6a9429237
Revises: 6170be27fae8
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "7ac6a9429237"
down_revision: Union[str, Sequence[str], None] = "6170be27fae8"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE invoices
            ADD CONSTRAINT invoices_customer_id_fkey
            FOREIGN KEY (customer_id) REFERENCES customers (id), ALGORITHM=COPY, LOCK=SHARED
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("SELECT 1 FROM invoices LIMIT 1")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "invoices holds rows, which the way back would lose: delete them first if "
            "they may go"
        )
    op.execute("""
        ALTER TABLE invoices
            DROP FOREIGN KEY invoices_customer_id_fkey, ALGORITHM=INPLACE, LOCK=NONE
    """)
