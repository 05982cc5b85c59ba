"""add missing to items.delivery

Plan     rename-lost-of-items-delivery-to-missing · expand · 1 of 1
Deploy   before the deploy of the code that reads missing as well as lost
Up       INSTANT on items, < 10 ms, waits at most 2 s
Down     COPY, LOCK=SHARED on items while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends · lossless

Revision ID: d5fcf4cb9deb
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "d5fcf4cb9deb"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("SET @sql_mode_before = @@SESSION.sql_mode")
    op.execute("""
        SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')
    """)
    op.execute("""
        ALTER TABLE items MODIFY COLUMN delivery enum('pending','sent','lost','missing') NOT NULL DEFAULT 'pending',
            ALGORITHM=INSTANT
    """)
    op.execute("SET SESSION sql_mode = @sql_mode_before")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("SELECT id FROM items WHERE delivery = 'missing' LIMIT 5")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "items.delivery still holds missing: change these rows first"
        )
    op.execute("SET @sql_mode_before = @@SESSION.sql_mode")
    op.execute("""
        SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')
    """)
    op.execute("""
        ALTER TABLE items MODIFY COLUMN delivery enum('pending','sent','lost') NOT NULL DEFAULT 'pending',
            ALGORITHM=COPY,
            LOCK=SHARED
    """)
    op.execute("SET SESSION sql_mode = @sql_mode_before")
