-- Plan     merge-customers-contact · contract · 2 of 4
-- Deploy   a release later, when every running instance uses only contact
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless until a NULL is
--          written to name

BEGIN;

SET LOCAL lock_timeout = '2s';
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM customers WHERE name IS NULL LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'customers.name still holds NULLs: fill them before it becomes required',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
ALTER TABLE customers
    ADD CONSTRAINT customers_name_required
    CHECK (name IS NOT NULL) NOT VALID;

COMMIT;
