"""create table of items on the way back

Plan     drop-items · contract · 2 of 2
Deploy   a release later
Up       no lock
Down     no lock · lossless

Revision ID: 23d9ea7ea3f6
Revises: 3231fd279246
Create Date: 2026-11-23 10:24:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "23d9ea7ea3f6"
down_revision: Union[str, Sequence[str], None] = "3231fd279246"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Only the downgrade has work to do here."""


def downgrade() -> None:
    op.execute("""
        CREATE TABLE items (
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
