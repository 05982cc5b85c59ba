"""make visits (id) the primary key

Plan     make-visits-id-the-primary-key · expand · 4 of 4
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
         ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless

Revision ID: 729452af82eb
Revises: 3a032af80537
Create Date: 2026-11-23 10:23:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "729452af82eb"
down_revision: Union[str, Sequence[str], None] = "3a032af80537"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # A concurrent build cannot run in a transaction, and an interrupted one leaves
    # an INVALID index.
    with op.get_context().autocommit_block():
        offending = sa.text("""
            SELECT id, count(*)
            FROM visits
            WHERE id IS NOT NULL
            GROUP BY id
            HAVING count(*) > 1
            LIMIT 5
        """)
        if op.get_bind().execute(offending).first() is not None:
            raise RuntimeError(
                "visits holds rows with equal id: visits_pkey cannot be unique before "
                "they differ"
            )
        state = index_state()
        if state == "different":
            raise RuntimeError(
                "visits_pkey_idx exists with another definition: rename or drop it, "
                "then run again"
            )
        if state == "invalid":
            op.drop_index("visits_pkey_idx", "visits", postgresql_concurrently=True)
        if state in ("absent", "invalid"):
            op.create_index(
                "visits_pkey_idx",
                "visits",
                ["id"],
                unique=True,
                postgresql_concurrently=True,
            )

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("""
        ALTER TABLE visits ADD CONSTRAINT visits_pkey PRIMARY KEY USING INDEX visits_pkey_idx
    """)


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint(op.f("visits_pkey"), "visits", type_="primary")


def index_state() -> str:
    """Return "absent", "invalid", "valid" or "different"."""
    state = sa.text("""
        SELECT coalesce((
            SELECT CASE
                WHEN (
                    i.indrelid = to_regclass('visits')
                    AND i.indisunique = true
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
                    ) = ARRAY['id']::text[]
                    AND i.indoption::text = '0'
                    AND i.indnullsnotdistinct = false
                ) IS NOT TRUE THEN 'different'
                WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
                ELSE 'invalid'
            END
            FROM pg_class c
            LEFT JOIN pg_index i ON i.indexrelid = c.oid
            LEFT JOIN pg_am m ON m.oid = c.relam
            WHERE c.relname = 'visits_pkey_idx'
                AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('visits'))
        ), 'absent')
    """)
    return op.get_bind().scalar(state)
