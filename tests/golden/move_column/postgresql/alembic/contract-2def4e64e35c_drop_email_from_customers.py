"""drop email from customers

Plan     move-customers-email · contract · 2 of 2
Deploy   a release later, when every running instance uses only orders.contact
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless until rows of orders
         with the same row of customers differ

Revision ID: 2def4e64e35c
Revises: 98bff0c5b8fc
Create Date: 2026-11-23 10:24:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "2def4e64e35c"
down_revision: Union[str, Sequence[str], None] = "98bff0c5b8fc"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    # The downgrade makes email again from orders.contact.
    op.drop_column("customers", "email")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("customers", sa.Column("email", sa.Text(), nullable=True))
