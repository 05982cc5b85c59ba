-- Plan     merge-customers-contact · validate · 1 of 3
-- Deploy   when the fill is done; then deploy the code that uses only contact
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET LOCAL lock_timeout = '2s';
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM customers WHERE contact IS NULL LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'customers.contact still holds NULLs: fill them before it becomes required',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
ALTER TABLE customers
    ADD CONSTRAINT customers_contact_required
    CHECK (contact IS NOT NULL) NOT VALID;

-- migrate:down
SET LOCAL lock_timeout = '2s';
ALTER TABLE customers DROP CONSTRAINT customers_contact_required;
