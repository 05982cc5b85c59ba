"""end the sync of name and email and contact of customers

Plan     merge-customers-contact · contract · 3 of 5
Deploy   a release later, when every running instance uses only contact
Up       metadata lock on customers, < 10 ms, waits at most 2 s
Down     metadata lock on customers, < 10 ms, waits at most 2 s · lossless

Revision ID: a2e49047d4df
Revises: 879bdb695bfc
Create Date: 2026-11-23 10:26:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "a2e49047d4df"
down_revision: Union[str, Sequence[str], None] = "879bdb695bfc"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("DROP TRIGGER IF EXISTS zz_sync_customers_name_email_contact_insert")
    op.execute("DROP TRIGGER IF EXISTS zz_sync_customers_name_email_contact_update")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("DROP TRIGGER IF EXISTS zz_sync_customers_name_email_contact_insert")
    op.execute("""
        CREATE TRIGGER zz_sync_customers_name_email_contact_insert BEFORE INSERT ON customers FOR EACH ROW
        SET NEW.name = IF(NEW.contact IS NOT NULL, substring_index(NEW.contact, ' <', 1), NEW.name),
            NEW.email = IF(NEW.contact IS NOT NULL, nullif(substr(trim(trailing '>' from NEW.contact), char_length(substring_index(NEW.contact, ' <', 1)) + 3), ''), NEW.email),
            NEW.contact = IF(NEW.contact IS NULL, concat(NEW.name, coalesce(concat(' <', NEW.email, '>'), '')), NEW.contact)
    """)
    op.execute("DROP TRIGGER IF EXISTS zz_sync_customers_name_email_contact_update")
    op.execute("""
        CREATE TRIGGER zz_sync_customers_name_email_contact_update BEFORE UPDATE ON customers FOR EACH ROW
        SET NEW.name = IF((NOT (CAST(NEW.contact AS BINARY) <=> CAST(OLD.contact AS BINARY))) AND (NOT (CAST(NEW.contact AS BINARY) <=> CAST(concat(NEW.name, coalesce(concat(' <', NEW.email, '>'), '')) AS BINARY))), substring_index(NEW.contact, ' <', 1), NEW.name),
            NEW.email = IF((NOT (CAST(NEW.contact AS BINARY) <=> CAST(OLD.contact AS BINARY))) AND (NOT (CAST(NEW.contact AS BINARY) <=> CAST(concat(NEW.name, coalesce(concat(' <', NEW.email, '>'), '')) AS BINARY))), nullif(substr(trim(trailing '>' from NEW.contact), char_length(substring_index(NEW.contact, ' <', 1)) + 3), ''), NEW.email),
            NEW.contact = IF(CAST(NEW.contact AS BINARY) <=> CAST(OLD.contact AS BINARY) AND (NOT (CAST(NEW.name AS BINARY) <=> CAST(OLD.name AS BINARY)) OR NOT (CAST(NEW.email AS BINARY) <=> CAST(OLD.email AS BINARY))) AND (NOT (NEW.contact IS NOT NULL) OR NOT (CAST(NEW.name AS BINARY) <=> CAST(substring_index(NEW.contact, ' <', 1) AS BINARY)) OR NOT (CAST(NEW.email AS BINARY) <=> CAST(nullif(substr(trim(trailing '>' from NEW.contact), char_length(substring_index(NEW.contact, ' <', 1)) + 3), '') AS BINARY))), concat(NEW.name, coalesce(concat(' <', NEW.email, '>'), '')), NEW.contact)
    """)
