"""Drop name from customers

Plan     split-customers-name · contract · 4 of 4
Deploy   a release later, when every running instance uses only first_name and last_name
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless
Models   Customer: first_name = models.TextField()
Models   Customer: last_name = models.CharField(max_length=80, null=True, blank=True)
Models   Customer: no name
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0009_check_that_first_name_and_last_name_of_customers_say"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    DROP TRIGGER zz_sync_customers_name_first_name_last_name ON customers
                """,
                "DROP FUNCTION zz_sync_customers_name_first_name_last_name()",
            ],
            reverse_sql=[
                """
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
                """,
                """
                    CREATE TRIGGER zz_sync_customers_name_first_name_last_name
                        BEFORE INSERT OR UPDATE
                        ON customers
                        FOR EACH ROW
                        EXECUTE FUNCTION zz_sync_customers_name_first_name_last_name()
                """,
            ],
        ),
        # The downgrade makes name again from first_name and last_name.
        migrations.RunSQL(
            "ALTER TABLE customers DROP COLUMN name",
            reverse_sql="ALTER TABLE customers ADD COLUMN name text",
            state_operations=[
                migrations.AddField(
                    model_name="customer", name="first_name", field=models.TextField()
                ),
                migrations.AddField(
                    model_name="customer",
                    name="last_name",
                    field=models.CharField(max_length=80, null=True, blank=True),
                ),
                migrations.RemoveField(model_name="customer", name="name"),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
