"""drop name and email from customers

Plan     merge-customers-contact · contract · 4 of 4
Deploy   a release later, when every running instance uses only contact
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: 28d47e7eca79
Revises: 3a597e5c1e67
Create Date: 2026-11-23 10:29:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "28d47e7eca79"
down_revision: Union[str, Sequence[str], None] = "3a597e5c1e67"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("DROP TRIGGER zz_sync_customers_name_email_contact ON customers")
    op.execute("DROP FUNCTION zz_sync_customers_name_email_contact()")
    # The downgrade makes name again from contact.
    op.drop_column("customers", "name")
    # The downgrade makes email again from contact.
    op.drop_column("customers", "email")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("customers", sa.Column("email", sa.Text(), nullable=True))
    op.add_column("customers", sa.Column("name", sa.Text(), nullable=True))
    op.execute("""
        CREATE FUNCTION zz_sync_customers_name_email_contact() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
        DECLARE
            made record := NEW;
        BEGIN
            BEGIN
                made.contact := NEW.name || coalesce(' <' || NEW.email || '>', '');
            EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
                made.contact := NULL;
            END;
            BEGIN
                made.name := split_part(NEW.contact, ' <', 1);
                made.email := nullif(rtrim(split_part(NEW.contact, ' <', 2), '>'), '');
            EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
                made.name := NULL;
                made.email := NULL;
            END;
            IF TG_OP = 'INSERT' THEN
                IF NEW.contact IS NULL THEN
                    NEW.contact := made.contact;
                ELSE
                    NEW.name := made.name;
                    NEW.email := made.email;
                END IF;
            ELSIF NEW.contact IS DISTINCT FROM OLD.contact THEN
                IF NEW.contact IS DISTINCT FROM made.contact THEN
                    NEW.name := made.name;
                    NEW.email := made.email;
                END IF;
            ELSIF NEW.name IS DISTINCT FROM OLD.name OR NEW.email IS DISTINCT FROM OLD.email THEN
                IF (NEW.contact IS NULL) OR NEW.name IS DISTINCT FROM made.name OR NEW.email IS DISTINCT FROM made.email THEN
                    NEW.contact := made.contact;
                END IF;
            END IF;
            RETURN NEW;
        END
        $migwiz$
    """)
    op.execute("""
        CREATE TRIGGER zz_sync_customers_name_email_contact
            BEFORE INSERT OR UPDATE
            ON customers
            FOR EACH ROW
            EXECUTE FUNCTION zz_sync_customers_name_email_contact()
    """)
