"""change orders.total to numeric(14,4)

Plan     change-type-orders-total · expand · 1 of 1
Deploy   at any time
Up       EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait
Down     EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait ·
         lossless

Revision ID: 28d7f5890d5e
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "28d7f5890d5e"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # SQLite cannot alter this in place. A rebuild switches foreign keys off, which
    # only works outside a transaction; batch mode would not.
    with op.get_context().autocommit_block():
        op.execute("PRAGMA foreign_keys = OFF")
        op.execute("PRAGMA legacy_alter_table = ON")
        op.execute("BEGIN IMMEDIATE")
        try:
            op.execute("""
                CREATE TABLE migwiz_new_orders (
                    id INTEGER NOT NULL,
                    customer_id INTEGER NOT NULL,
                    billing_id INTEGER,
                    status_code varchar(20) NOT NULL DEFAULT 'new',
                    total numeric(14,4),
                    note TEXT,
                    shown TEXT,
                    created_at timestamp DEFAULT CURRENT_TIMESTAMP,
                    PRIMARY KEY (id),
                    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
                    CONSTRAINT ck_orders_status CHECK (status_code <> '')
                )
            """)
            op.execute("""
                INSERT INTO migwiz_new_orders (id, customer_id, billing_id, status_code, total, note, shown, created_at)
                SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
                FROM orders
            """)
            offending = sa.text("""
                SELECT 1
                WHERE (SELECT count(*) FROM orders) <> (SELECT count(*) FROM migwiz_new_orders)
            """)
            if op.get_bind().execute(offending).first() is not None:
                raise RuntimeError("orders and its copy differ in their number of rows")
            op.execute("DROP TABLE orders")
            op.execute("ALTER TABLE migwiz_new_orders RENAME TO orders")
            op.execute("CREATE INDEX ix_orders_customer_id ON orders (customer_id)")
            op.execute("""
                CREATE INDEX ix_orders_status_code ON orders (status_code, created_at DESC)
            """)
            offending = sa.text("SELECT 1 FROM pragma_foreign_key_check")
            if op.get_bind().execute(offending).first() is not None:
                raise RuntimeError(
                    "foreign keys point nowhere after orders was rebuilt"
                )
        except BaseException:
            # Leaving the block would commit what is half done.
            op.get_bind().connection.rollback()
            raise
        op.execute("COMMIT")
        op.execute("PRAGMA legacy_alter_table = OFF")
        op.execute("PRAGMA foreign_keys = ON")


def downgrade() -> None:
    # SQLite cannot alter this in place. A rebuild switches foreign keys off, which
    # only works outside a transaction; batch mode would not.
    with op.get_context().autocommit_block():
        op.execute("PRAGMA foreign_keys = OFF")
        op.execute("PRAGMA legacy_alter_table = ON")
        op.execute("BEGIN IMMEDIATE")
        try:
            op.execute("""
                CREATE TABLE migwiz_new_orders (
                    id INTEGER NOT NULL,
                    customer_id INTEGER NOT NULL,
                    billing_id INTEGER,
                    status_code varchar(20) NOT NULL DEFAULT 'new',
                    total numeric(10,2),
                    note TEXT,
                    shown TEXT,
                    created_at timestamp DEFAULT CURRENT_TIMESTAMP,
                    PRIMARY KEY (id),
                    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
                    CONSTRAINT ck_orders_status CHECK (status_code <> '')
                )
            """)
            op.execute("""
                INSERT INTO migwiz_new_orders (id, customer_id, billing_id, status_code, total, note, shown, created_at)
                SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
                FROM orders
            """)
            offending = sa.text("""
                SELECT 1
                WHERE (SELECT count(*) FROM orders) <> (SELECT count(*) FROM migwiz_new_orders)
            """)
            if op.get_bind().execute(offending).first() is not None:
                raise RuntimeError("orders and its copy differ in their number of rows")
            op.execute("DROP TABLE orders")
            op.execute("ALTER TABLE migwiz_new_orders RENAME TO orders")
            op.execute("CREATE INDEX ix_orders_customer_id ON orders (customer_id)")
            op.execute("""
                CREATE INDEX ix_orders_status_code ON orders (status_code, created_at DESC)
            """)
            offending = sa.text("SELECT 1 FROM pragma_foreign_key_check")
            if op.get_bind().execute(offending).first() is not None:
                raise RuntimeError(
                    "foreign keys point nowhere after orders was rebuilt"
                )
        except BaseException:
            # Leaving the block would commit what is half done.
            op.get_bind().connection.rollback()
            raise
        op.execute("COMMIT")
        op.execute("PRAGMA legacy_alter_table = OFF")
        op.execute("PRAGMA foreign_keys = ON")
