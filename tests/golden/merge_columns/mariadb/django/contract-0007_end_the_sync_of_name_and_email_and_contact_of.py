"""End the sync of name and email and contact of customers

Plan     merge-customers-contact · contract · 3 of 5
Deploy   a release later, when every running instance uses only contact
Up       metadata lock on customers, < 10 ms, waits at most 2 s
Down     metadata lock on customers, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0006_check_that_contact_of_customers_says_what_name_and"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    DROP TRIGGER IF EXISTS zz_sync_customers_name_email_contact_insert
                """,
                """
                    DROP TRIGGER IF EXISTS zz_sync_customers_name_email_contact_update
                """,
            ],
            reverse_sql=[
                """
                    DROP TRIGGER IF EXISTS zz_sync_customers_name_email_contact_insert
                """,
                """
                    CREATE TRIGGER zz_sync_customers_name_email_contact_insert BEFORE INSERT ON customers FOR EACH ROW
                    SET NEW.name = IF(NEW.contact IS NOT NULL, substring_index(NEW.contact, ' <', 1), NEW.name),
                        NEW.email = IF(NEW.contact IS NOT NULL, nullif(substr(trim(trailing '>' from NEW.contact), char_length(substring_index(NEW.contact, ' <', 1)) + 3), ''), NEW.email),
                        NEW.contact = IF(NEW.contact IS NULL, concat(NEW.name, coalesce(concat(' <', NEW.email, '>'), '')), NEW.contact)
                """,
                """
                    DROP TRIGGER IF EXISTS zz_sync_customers_name_email_contact_update
                """,
                """
                    CREATE TRIGGER zz_sync_customers_name_email_contact_update BEFORE UPDATE ON customers FOR EACH ROW
                    SET NEW.name = IF((NOT (CAST(NEW.contact AS BINARY) <=> CAST(OLD.contact AS BINARY))) AND (NOT (CAST(NEW.contact AS BINARY) <=> CAST(concat(NEW.name, coalesce(concat(' <', NEW.email, '>'), '')) AS BINARY))), substring_index(NEW.contact, ' <', 1), NEW.name),
                        NEW.email = IF((NOT (CAST(NEW.contact AS BINARY) <=> CAST(OLD.contact AS BINARY))) AND (NOT (CAST(NEW.contact AS BINARY) <=> CAST(concat(NEW.name, coalesce(concat(' <', NEW.email, '>'), '')) AS BINARY))), nullif(substr(trim(trailing '>' from NEW.contact), char_length(substring_index(NEW.contact, ' <', 1)) + 3), ''), NEW.email),
                        NEW.contact = IF(CAST(NEW.contact AS BINARY) <=> CAST(OLD.contact AS BINARY) AND (NOT (CAST(NEW.name AS BINARY) <=> CAST(OLD.name AS BINARY)) OR NOT (CAST(NEW.email AS BINARY) <=> CAST(OLD.email AS BINARY))) AND (NOT (NEW.contact IS NOT NULL) OR NOT (CAST(NEW.name AS BINARY) <=> CAST(substring_index(NEW.contact, ' <', 1) AS BINARY)) OR NOT (CAST(NEW.email AS BINARY) <=> CAST(nullif(substr(trim(trailing '>' from NEW.contact), char_length(substring_index(NEW.contact, ' <', 1)) + 3), '') AS BINARY))), concat(NEW.name, coalesce(concat(' <', NEW.email, '>'), '')), NEW.contact)
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
