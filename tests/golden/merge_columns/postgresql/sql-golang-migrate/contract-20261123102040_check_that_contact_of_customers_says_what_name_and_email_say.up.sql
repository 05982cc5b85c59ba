-- Plan     merge-customers-contact · contract · 3 of 4 · data only
-- Deploy   a release later, when every running instance uses only contact
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless

BEGIN;

DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM customers WHERE name IS DISTINCT FROM split_part(contact, ' <', 1) OR email IS DISTINCT FROM nullif(rtrim(split_part(contact, ' <', 2), '>'), '') LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'name and email of customers hold values that contact would not bring back: mend them, in either form',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;

COMMIT;
