"""make visits (id) the primary key

Plan     make-visits-id-the-primary-key · expand · 1 of 1
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       EXCLUSIVE on visits while writing the table anew, 7–20 min: reads and writes wait
Down     EXCLUSIVE on visits while writing the table anew, 7–20 min: reads and writes wait ·
         lossless

Revision ID: 8defffc50613
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "8defffc50613"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # SQLite cannot alter this in place. A rebuild switches foreign keys off, which
    # only works outside a transaction; batch mode would not.
    with op.get_context().autocommit_block():
        offending = sa.text("SELECT 1 FROM visits WHERE id IS NULL LIMIT 5")
        if op.get_bind().execute(offending).first() is not None:
            raise RuntimeError(
                "visits.id still holds NULLs: fill them before it becomes required"
            )
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
                "visits holds rows with equal id: the key cannot be unique before they "
                "differ"
            )
        op.execute("PRAGMA foreign_keys = OFF")
        op.execute("PRAGMA legacy_alter_table = ON")
        op.execute("BEGIN IMMEDIATE")
        try:
            op.execute("""
                CREATE TABLE migwiz_new_visits (
                    id INTEGER NOT NULL,
                    customer_id INTEGER NOT NULL,
                    page TEXT NOT NULL,
                    seconds integer,
                    stay tstzrange,
                    PRIMARY KEY (id)
                )
            """)
            op.execute("""
                INSERT INTO migwiz_new_visits (id, customer_id, page, seconds, stay)
                SELECT id, customer_id, page, seconds, stay FROM visits
            """)
            offending = sa.text("""
                SELECT 1
                WHERE (SELECT count(*) FROM visits) <> (SELECT count(*) FROM migwiz_new_visits)
            """)
            if op.get_bind().execute(offending).first() is not None:
                raise RuntimeError("visits and its copy differ in their number of rows")
            op.execute("DROP TABLE visits")
            op.execute("ALTER TABLE migwiz_new_visits RENAME TO visits")
            op.execute("CREATE INDEX ix_visits_page ON visits (page)")
            offending = sa.text("SELECT 1 FROM pragma_foreign_key_check")
            if op.get_bind().execute(offending).first() is not None:
                raise RuntimeError(
                    "foreign keys point nowhere after visits was rebuilt"
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
                CREATE TABLE migwiz_new_visits (
                    id INTEGER,
                    customer_id INTEGER NOT NULL,
                    page TEXT NOT NULL,
                    seconds integer,
                    stay tstzrange
                )
            """)
            op.execute("""
                INSERT INTO migwiz_new_visits (id, customer_id, page, seconds, stay)
                SELECT id, customer_id, page, seconds, stay FROM visits
            """)
            offending = sa.text("""
                SELECT 1
                WHERE (SELECT count(*) FROM visits) <> (SELECT count(*) FROM migwiz_new_visits)
            """)
            if op.get_bind().execute(offending).first() is not None:
                raise RuntimeError("visits and its copy differ in their number of rows")
            op.execute("DROP TABLE visits")
            op.execute("ALTER TABLE migwiz_new_visits RENAME TO visits")
            op.execute("CREATE INDEX ix_visits_page ON visits (page)")
            offending = sa.text("SELECT 1 FROM pragma_foreign_key_check")
            if op.get_bind().execute(offending).first() is not None:
                raise RuntimeError(
                    "foreign keys point nowhere after visits was rebuilt"
                )
        except BaseException:
            # Leaving the block would commit what is half done.
            op.get_bind().connection.rollback()
            raise
        op.execute("COMMIT")
        op.execute("PRAGMA legacy_alter_table = OFF")
        op.execute("PRAGMA foreign_keys = ON")
