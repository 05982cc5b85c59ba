"""drop table items_tombstone

Plan     drop-items · contract · 1 of 1
Deploy   a release later, when nobody has missed items
Up       metadata lock on items_tombstone, < 10 ms, waits at most 2 s
Down     no lock · structure only: items_tombstone comes back empty: its rows are gone

Revision ID: 3231fd279246
Revises: 0230fd009a79
Create Date: 2026-11-23 10:23:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "3231fd279246"
down_revision: Union[str, Sequence[str], None] = "0230fd009a79"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("DROP TABLE items_tombstone")


def downgrade() -> None:
    op.execute("""
        CREATE TABLE items_tombstone (
            id bigint(20) NOT NULL AUTO_INCREMENT,
            product_id bigint(20) NOT NULL,
            delivery enum('pending','sent','lost') NOT NULL DEFAULT 'pending',
            amount integer NOT NULL COMMENT 'How many of it',
            PRIMARY KEY (id),
            CONSTRAINT ck_items_amount CHECK (amount > 0),
            INDEX ix_items_product_id (product_id),
            INDEX ix_items_delivery (delivery)
        ) ENGINE=InnoDB COMMENT='What was ordered'
    """)
