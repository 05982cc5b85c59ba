"""drop ix_orders_status_code

Plan     drop-orders-status-code · contract · 1 of 7
Deploy   a release later, when no running instance names orders.status_code
Up       SHARE UPDATE EXCLUSIVE on orders: reads and writes go on
Down     SHARE UPDATE EXCLUSIVE on orders while building, 1–7 min: reads and writes go on · lossless

Revision ID: 347857eca26a
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "347857eca26a"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # A concurrent drop cannot run in a transaction.
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_orders_status_code",
            "orders",
            postgresql_concurrently=True,
            if_exists=True,
        )


def downgrade() -> None:
    # A concurrent build cannot run in a transaction, and an interrupted one leaves
    # an INVALID index.
    with op.get_context().autocommit_block():
        state = index_state()
        if state == "different":
            raise RuntimeError(
                "ix_orders_status_code exists with another definition: rename or drop "
                "it, then run again"
            )
        if state == "invalid":
            op.drop_index(
                "ix_orders_status_code", "orders", postgresql_concurrently=True
            )
        if state in ("absent", "invalid"):
            op.create_index(
                "ix_orders_status_code",
                "orders",
                ["status_code", sa.text("created_at DESC")],
                postgresql_concurrently=True,
            )


def index_state() -> str:
    """Return "absent", "invalid", "valid" or "different"."""
    state = sa.text("""
        SELECT coalesce((
            SELECT CASE
                WHEN (
                    i.indrelid = to_regclass('orders')
                    AND i.indisunique = false
                    AND m.amname = 'btree'
                    AND i.indnkeyatts = 2
                    AND (i.indpred IS NOT NULL) = false
                    AND ARRAY(
                        SELECT a.attname::text
                        FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
                        LEFT JOIN pg_attribute a
                            ON a.attrelid = i.indrelid
                                AND a.attnum = k.number
                                AND k.number <> 0
                        ORDER BY k.place
                    ) = ARRAY['status_code', 'created_at']::text[]
                    AND i.indoption::text = '0 3'
                    AND i.indnullsnotdistinct = false
                ) IS NOT TRUE THEN 'different'
                WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
                ELSE 'invalid'
            END
            FROM pg_class c
            LEFT JOIN pg_index i ON i.indexrelid = c.oid
            LEFT JOIN pg_am m ON m.oid = c.relam
            WHERE c.relname = 'ix_orders_status_code'
                AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('orders'))
        ), 'absent')
    """)
    return op.get_bind().scalar(state)
