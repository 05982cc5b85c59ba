"""put ck_orders_status_new in the place of ck_orders_status

Plan     change-ck-orders-status-of-orders · validate · 2 of 2
Deploy   after expand
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a row breaks the
         earlier ck_orders_status

Revision ID: 3ab32783855f
Revises: cfcdc05da5a1
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "3ab32783855f"
down_revision: Union[str, Sequence[str], None] = "cfcdc05da5a1"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint(op.f("ck_orders_status"), "orders", type_="check")
    op.execute("""
        ALTER TABLE orders RENAME CONSTRAINT ck_orders_status_new TO ck_orders_status
    """)


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    offending = sa.text("SELECT id FROM orders WHERE NOT (status_code <> '') LIMIT 5")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "orders holds rows for which status_code <> '' does not hold: mend them "
            "before ck_orders_status forbids them"
        )
    op.execute("""
        ALTER TABLE orders RENAME CONSTRAINT ck_orders_status TO ck_orders_status_new
    """)
    op.create_check_constraint(
        op.f("ck_orders_status"),
        "orders",
        "status_code <> ''",
        postgresql_not_valid=True,
    )
