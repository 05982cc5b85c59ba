"""build ix_visits_page of visits anew

Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 1
Deploy   at any time
Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
         SHARE UPDATE EXCLUSIVE on visits and ix_visits_page_new: reads and writes go on
Down     ix_visits_page is what it was, built anew: nothing to undo · lossless

Revision ID: f2bef3a2c7b7
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "f2bef3a2c7b7"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # A concurrent build cannot run in a transaction, and an interrupted one leaves
    # an INVALID index.
    with op.get_context().autocommit_block():
        state = index_state()
        if state == "different":
            raise RuntimeError(
                "ix_visits_page_new exists with another definition: rename or drop it, "
                "then run again"
            )
        if state == "invalid":
            op.drop_index("ix_visits_page_new", "visits", postgresql_concurrently=True)
        if state in ("absent", "invalid"):
            op.create_index(
                "ix_visits_page_new", "visits", ["page"], postgresql_concurrently=True
            )
        op.drop_index(
            "ix_visits_page", "visits", postgresql_concurrently=True, if_exists=True
        )

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("ALTER INDEX ix_visits_page_new RENAME TO ix_visits_page")


def downgrade() -> None:
    """ix_visits_page is what it was, built anew: nothing to undo."""


def index_state() -> str:
    """Return "absent", "invalid", "valid" or "different"."""
    state = sa.text("""
        SELECT coalesce((
            SELECT CASE
                WHEN (
                    i.indrelid = to_regclass('visits')
                    AND i.indisunique = false
                    AND m.amname = 'btree'
                    AND i.indnkeyatts = 1
                    AND (i.indpred IS NOT NULL) = false
                    AND ARRAY(
                        SELECT a.attname::text
                        FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
                        LEFT JOIN pg_attribute a
                            ON a.attrelid = i.indrelid
                                AND a.attnum = k.number
                                AND k.number <> 0
                        ORDER BY k.place
                    ) = ARRAY['page']::text[]
                    AND i.indoption::text = '0'
                    AND i.indnullsnotdistinct = false
                ) IS NOT TRUE THEN 'different'
                WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
                ELSE 'invalid'
            END
            FROM pg_class c
            LEFT JOIN pg_index i ON i.indexrelid = c.oid
            LEFT JOIN pg_am m ON m.oid = c.relam
            WHERE c.relname = 'ix_visits_page_new'
                AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('visits'))
        ), 'absent')
    """)
    return op.get_bind().scalar(state)
