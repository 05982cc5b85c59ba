"""check that remark of orders says what note and total say

Plan     merge-orders-remark · contract · 1 of 2 · data only
Deploy   a release later, when every running instance uses only remark
Up       no lock
Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
         lossless

Revision ID: 4939d4ab3114
Revises: ee3cbd4b3adc
Create Date: 2026-11-23 10:23:30

"""
import logging
import time
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "4939d4ab3114"
down_revision: Union[str, Sequence[str], None] = "ee3cbd4b3adc"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

log = logging.getLogger("alembic.runtime.migration")

# Pause after each batch, as a share of the time that it took; 1.0 halves the speed.
REST = 0.2

# Walks the key, then changes what lies between two keys: every batch is as fast.
FIRST_KEYS = sa.text("""
    SELECT last.key_0 AS last_0 FROM (SELECT 1) LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM orders ORDER BY id LIMIT :size
        )
        ORDER BY key_0 DESC LIMIT 1
    ) AS last ON true
""")

KEYS = sa.text("""
    SELECT last.key_0 AS last_0 FROM (SELECT 1) LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM orders WHERE id > :after_0 ORDER BY id LIMIT :size
        )
        ORDER BY key_0 DESC LIMIT 1
    ) AS last ON true
""")

FIRST_BATCH = sa.text("""
    UPDATE orders SET note = nullif(substr(remark, instr(remark, '/') + 1), ''),
        total = cast(nullif(substr(remark, 1, instr(remark, '/') - 1), '') as numeric)
    WHERE id <= :upto_0
        AND (note IS NOT nullif(substr(remark, instr(remark, '/') + 1), '') OR total IS NOT cast(nullif(substr(remark, 1, instr(remark, '/') - 1), '') as numeric))
""")

BATCH = sa.text("""
    UPDATE orders SET note = nullif(substr(remark, instr(remark, '/') + 1), ''),
        total = cast(nullif(substr(remark, 1, instr(remark, '/') - 1), '') as numeric)
    WHERE id > :after_0
        AND id <= :upto_0
        AND (note IS NOT nullif(substr(remark, instr(remark, '/') + 1), '') OR total IS NOT cast(nullif(substr(remark, 1, instr(remark, '/') - 1), '') as numeric))
""")


def upgrade() -> None:
    offending = sa.text("""
        SELECT id
        FROM orders
        WHERE note IS NOT nullif(substr(remark, instr(remark, '/') + 1), '') OR total IS NOT cast(nullif(substr(remark, 1, instr(remark, '/') - 1), '') as numeric)
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "note and total of orders hold values that remark would not bring back: "
            "mend them, in either form"
        )


def downgrade() -> None:
    # Each batch commits by itself: stopping and running again is safe.
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        last = connection.scalar(
            sa.text("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
        )
        log.info(
            "orders.note, total: up to %s; Ctrl-C is safe, run it again to go on", last
        )
        keys, batch, after, size = FIRST_KEYS, FIRST_BATCH, {}, 1_000
        changed, failed = 0, 0
        while True:
            started = time.monotonic()
            try:
                row = connection.execute(keys, {**after, "size": size}).one()
                if row.last_0 is None:
                    break
                upto = {"upto_0": row.last_0}
                count = connection.execute(batch, {**after, **upto}).rowcount
            except sa.exc.DBAPIError as error:
                # A row stayed locked, or there was a deadlock: this batch changed
                # nothing.
                if failed == 10 or "locked" not in str(error.orig):
                    raise
                failed, size = failed + 1, max(100, size // 2)
                time.sleep(failed)
                continue
            keys, batch, after = KEYS, BATCH, {"after_0": row.last_0}
            changed, failed = changed + count, 0
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "orders.note, total: id <= %s of %s, %s rows changed",
                after["after_0"],
                last,
                changed,
            )
            time.sleep(seconds * REST)
