"""make customers (email) unique

Plan     make-customers-email-unique · expand · 1 of 1
Deploy   after the deploy whose code writes no doubles
Up       SHARE UPDATE EXCLUSIVE on customers while building, 1–7 min: reads and writes go on; then
         ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: d99e66010d30
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "d99e66010d30"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # A concurrent build cannot run in a transaction, and an interrupted one leaves
    # an INVALID index.
    with op.get_context().autocommit_block():
        offending = sa.text("""
            SELECT email, count(*)
            FROM customers
            WHERE email IS NOT NULL
            GROUP BY email
            HAVING count(*) > 1
            LIMIT 5
        """)
        if op.get_bind().execute(offending).first() is not None:
            raise RuntimeError(
                "customers holds rows with equal email: customers_email_key cannot be "
                "unique before they differ"
            )
        state = index_state()
        if state == "different":
            raise RuntimeError(
                "customers_email_key_idx exists with another definition: rename or "
                "drop it, then run again"
            )
        if state == "invalid":
            op.drop_index(
                "customers_email_key_idx", "customers", postgresql_concurrently=True
            )
        if state in ("absent", "invalid"):
            op.create_index(
                "customers_email_key_idx",
                "customers",
                ["email"],
                unique=True,
                postgresql_concurrently=True,
            )

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("""
        ALTER TABLE customers
            ADD CONSTRAINT customers_email_key
            UNIQUE USING INDEX customers_email_key_idx
    """)


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint(op.f("customers_email_key"), "customers", type_="unique")


def index_state() -> str:
    """Return "absent", "invalid", "valid" or "different"."""
    state = sa.text("""
        SELECT coalesce((
            SELECT CASE
                WHEN (
                    i.indrelid = to_regclass('customers')
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
                    ) = ARRAY['email']::text[]
                    AND i.indoption::text = '0'
                    AND i.indnullsnotdistinct = false
                ) IS NOT TRUE THEN 'different'
                WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
                ELSE 'invalid'
            END
            FROM pg_class c
            LEFT JOIN pg_index i ON i.indexrelid = c.oid
            LEFT JOIN pg_am m ON m.oid = c.relam
            WHERE c.relname = 'customers_email_key_idx'
                AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('customers'))
        ), 'absent')
    """)
    return op.get_bind().scalar(state)
