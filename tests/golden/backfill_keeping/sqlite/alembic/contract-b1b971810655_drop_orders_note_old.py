"""drop orders_note_old

Plan     fill-orders-note · contract · 1 of 1
Deploy   when nobody will want the old values back: days or weeks later
Up       EXCLUSIVE on orders_note_old, < 10 ms, waits at most 2 s
Down     not possible: the old values of orders went with orders_note_old

Revision ID: b1b971810655
Revises: 15c728a654fd
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "b1b971810655"
down_revision: Union[str, Sequence[str], None] = "15c728a654fd"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.drop_table("orders_note_old")


def downgrade() -> None:
    raise NotImplementedError("the old values of orders went with orders_note_old")
