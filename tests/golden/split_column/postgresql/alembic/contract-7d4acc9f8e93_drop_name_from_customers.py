"""drop name from customers

Plan     split-customers-name · contract · 4 of 4
Deploy   a release later, when every running instance uses only first_name and last_name
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: 7d4acc9f8e93
Revises: 9ed406d58572
Create Date: 2026-11-23 10:29:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "7d4acc9f8e93"
down_revision: Union[str, Sequence[str], None] = "9ed406d58572"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("DROP TRIGGER zz_sync_customers_name_first_name_last_name ON customers")
    op.execute("DROP FUNCTION zz_sync_customers_name_first_name_last_name()")
    # The downgrade makes name again from first_name and last_name.
    op.drop_column("customers", "name")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("customers", sa.Column("name", sa.Text(), nullable=True))
    op.execute("""
        CREATE FUNCTION zz_sync_customers_name_first_name_last_name() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
        DECLARE
            made record := NEW;
        BEGIN
            BEGIN
                made.first_name := split_part(NEW.name, ' ', 1);
                made.last_name := nullif(substr(NEW.name, length(split_part(NEW.name, ' ', 1)) + 2), '');
            EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
                made.first_name := NULL;
                made.last_name := NULL;
            END;
            BEGIN
                made.name := concat_ws(' ', NEW.first_name, NEW.last_name);
            EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
                made.name := NULL;
            END;
            IF TG_OP = 'INSERT' THEN
                IF NEW.first_name IS NULL AND NEW.last_name IS NULL THEN
                    NEW.first_name := made.first_name;
                    NEW.last_name := made.last_name;
                ELSE
                    NEW.name := made.name;
                END IF;
            ELSIF NEW.first_name IS DISTINCT FROM OLD.first_name OR NEW.last_name IS DISTINCT FROM OLD.last_name THEN
                IF NEW.first_name IS DISTINCT FROM made.first_name OR NEW.last_name IS DISTINCT FROM made.last_name THEN
                    NEW.name := made.name;
                END IF;
            ELSIF NEW.name IS DISTINCT FROM OLD.name THEN
                IF (NEW.first_name IS NULL AND NEW.last_name IS NULL) OR NEW.name IS DISTINCT FROM made.name THEN
                    NEW.first_name := made.first_name;
                    NEW.last_name := made.last_name;
                END IF;
            END IF;
            RETURN NEW;
        END
        $migwiz$
    """)
    op.execute("""
        CREATE TRIGGER zz_sync_customers_name_first_name_last_name
            BEFORE INSERT OR UPDATE
            ON customers
            FOR EACH ROW
            EXECUTE FUNCTION zz_sync_customers_name_first_name_last_name()
    """)
