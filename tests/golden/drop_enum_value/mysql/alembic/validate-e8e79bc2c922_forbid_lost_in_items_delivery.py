"""forbid lost in items.delivery

Plan     drop-lost-from-items-delivery · validate · 1 of 1
Deploy   when no row holds it any more
Tool     pt-online-schema-change does this in production, where the table is large; then this file
         is marked as run
Up       COPY, LOCK=SHARED on items while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends
Down     INSTANT on items, < 10 ms, waits at most 2 s · lossless

Revision ID: e8e79bc2c922
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "e8e79bc2c922"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("SELECT id FROM items WHERE NOT (delivery <> 'lost') LIMIT 5")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "items holds rows for which delivery <> 'lost' does not hold: mend them "
            "before ck_items_delivery_not_lost forbids them"
        )
    op.execute("""
        ALTER TABLE items
            ADD CONSTRAINT ck_items_delivery_not_lost
            CHECK (delivery <> 'lost'), ALGORITHM=COPY, LOCK=SHARED
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE items DROP CHECK ck_items_delivery_not_lost, ALGORITHM=INSTANT
    """)
