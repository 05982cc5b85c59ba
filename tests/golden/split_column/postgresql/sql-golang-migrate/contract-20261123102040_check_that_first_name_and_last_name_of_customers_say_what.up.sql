-- Plan     split-customers-name · contract · 3 of 4 · data only
-- Deploy   a release later, when every running instance uses only first_name and last_name
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless

BEGIN;

DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM customers WHERE name IS DISTINCT FROM concat_ws(' ', first_name, last_name) LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'name of customers holds values that first_name and last_name would not bring back: mend them, in either form',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;

COMMIT;
