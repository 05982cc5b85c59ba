-- Plan     require-customers-email · validate · 1 of 3
-- Deploy   when the fill is done
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM customers WHERE email IS NULL LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'customers.email still holds NULLs: fill them before it becomes required',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
ALTER TABLE customers
    ADD CONSTRAINT customers_email_required
    CHECK (email IS NOT NULL) NOT VALID;

COMMIT;
