"""Drop name and email from customers

Plan     merge-customers-contact · contract · 4 of 4
Deploy   a release later, when every running instance uses only contact
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless
Models   Customer: contact = models.TextField()
Models   Customer: no name
Models   Customer: no email
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0009_check_that_contact_of_customers_says_what_name_and"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    DROP TRIGGER zz_sync_customers_name_email_contact ON customers
                """,
                "DROP FUNCTION zz_sync_customers_name_email_contact()",
            ],
            reverse_sql=[
                """
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
                """,
                """
                    CREATE TRIGGER zz_sync_customers_name_email_contact
                        BEFORE INSERT OR UPDATE
                        ON customers
                        FOR EACH ROW
                        EXECUTE FUNCTION zz_sync_customers_name_email_contact()
                """,
            ],
        ),
        # The downgrade makes name again from contact.
        migrations.RunSQL(
            "ALTER TABLE customers DROP COLUMN name",
            reverse_sql="ALTER TABLE customers ADD COLUMN name text",
            state_operations=[
                migrations.AddField(
                    model_name="customer", name="contact", field=models.TextField()
                ),
                migrations.RemoveField(model_name="customer", name="name"),
            ],
        ),
        # The downgrade makes email again from contact.
        migrations.RunSQL(
            "ALTER TABLE customers DROP COLUMN email",
            reverse_sql="ALTER TABLE customers ADD COLUMN email text",
            state_operations=[
                migrations.RemoveField(model_name="customer", name="email")
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
