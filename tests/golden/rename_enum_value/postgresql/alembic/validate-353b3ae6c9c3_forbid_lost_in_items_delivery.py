"""forbid lost in items.delivery

Plan     rename-lost-of-delivery-to-missing · validate · 1 of 2
Deploy   when all rows are changed
Up       ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s · lossless

Revision ID: 353b3ae6c9c3
Revises: 68b6e5fb801a
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "353b3ae6c9c3"
down_revision: Union[str, Sequence[str], None] = "68b6e5fb801a"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    offending = sa.text("SELECT id FROM items WHERE NOT (delivery <> 'lost') LIMIT 5")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "items holds rows for which delivery <> 'lost' does not hold: mend them "
            "before ck_items_delivery_not_lost forbids them"
        )
    op.create_check_constraint(
        op.f("ck_items_delivery_not_lost"),
        "items",
        "delivery <> 'lost'",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint(op.f("ck_items_delivery_not_lost"), "items", type_="check")
