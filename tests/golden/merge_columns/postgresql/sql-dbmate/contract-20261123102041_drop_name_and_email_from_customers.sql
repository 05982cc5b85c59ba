-- Plan     merge-customers-contact · contract · 4 of 4
-- Deploy   a release later, when every running instance uses only contact
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET LOCAL lock_timeout = '2s';
DROP TRIGGER zz_sync_customers_name_email_contact ON customers;
DROP FUNCTION zz_sync_customers_name_email_contact();
-- the downgrade makes name again from contact
ALTER TABLE customers DROP COLUMN name;
-- the downgrade makes email again from contact
ALTER TABLE customers DROP COLUMN email;

-- migrate:down
SET LOCAL lock_timeout = '2s';
ALTER TABLE customers ADD COLUMN email text;
ALTER TABLE customers ADD COLUMN name text;
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
$migwiz$;
CREATE TRIGGER zz_sync_customers_name_email_contact
    BEFORE INSERT OR UPDATE
    ON customers
    FOR EACH ROW
    EXECUTE FUNCTION zz_sync_customers_name_email_contact();
