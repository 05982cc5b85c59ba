"""make customers (email) unique

Plan     make-customers-email-unique · expand · 1 of 1
Deploy   after the deploy whose code writes no doubles
Up       EXCLUSIVE on customers while writing the table anew, 7–20 min: reads and writes wait
Down     EXCLUSIVE on customers while writing the table anew, 7–20 min: reads and writes wait ·
         lossless

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
    # SQLite cannot alter this in place. A rebuild switches foreign keys off, which
    # only works outside a transaction; batch mode would not.
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
        op.execute("PRAGMA foreign_keys = OFF")
        op.execute("PRAGMA legacy_alter_table = ON")
        op.execute("BEGIN IMMEDIATE")
        try:
            op.execute("""
                CREATE TABLE migwiz_new_customers (
                    id INTEGER NOT NULL,
                    email TEXT,
                    name TEXT NOT NULL,
                    PRIMARY KEY (id),
                    CONSTRAINT customers_email_key UNIQUE (email)
                )
            """)
            op.execute("""
                INSERT INTO migwiz_new_customers (id, email, name)
                SELECT id, email, name FROM customers
            """)
            offending = sa.text("""
                SELECT 1
                WHERE (SELECT count(*) FROM customers) <> (SELECT count(*) FROM migwiz_new_customers)
            """)
            if op.get_bind().execute(offending).first() is not None:
                raise RuntimeError(
                    "customers and its copy differ in their number of rows"
                )
            op.execute("DROP TABLE customers")
            op.execute("ALTER TABLE migwiz_new_customers RENAME TO customers")
            offending = sa.text("SELECT 1 FROM pragma_foreign_key_check")
            if op.get_bind().execute(offending).first() is not None:
                raise RuntimeError(
                    "foreign keys point nowhere after customers was rebuilt"
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
                CREATE TABLE migwiz_new_customers (
                    id INTEGER NOT NULL,
                    email TEXT,
                    name TEXT NOT NULL,
                    PRIMARY KEY (id)
                )
            """)
            op.execute("""
                INSERT INTO migwiz_new_customers (id, email, name)
                SELECT id, email, name FROM customers
            """)
            offending = sa.text("""
                SELECT 1
                WHERE (SELECT count(*) FROM customers) <> (SELECT count(*) FROM migwiz_new_customers)
            """)
            if op.get_bind().execute(offending).first() is not None:
                raise RuntimeError(
                    "customers and its copy differ in their number of rows"
                )
            op.execute("DROP TABLE customers")
            op.execute("ALTER TABLE migwiz_new_customers RENAME TO customers")
            offending = sa.text("SELECT 1 FROM pragma_foreign_key_check")
            if op.get_bind().execute(offending).first() is not None:
                raise RuntimeError(
                    "foreign keys point nowhere after customers was rebuilt"
                )
        except BaseException:
            # Leaving the block would commit what is half done.
            op.get_bind().connection.rollback()
            raise
        op.execute("COMMIT")
        op.execute("PRAGMA legacy_alter_table = OFF")
        op.execute("PRAGMA foreign_keys = ON")
