-- Plan     move-customers-email · validate · 1 of 1
-- Deploy   when the fill is done; then deploy the code that reads the new place and still writes both
-- Up       no lock
-- Down     a comparison changes nothing: nothing to undo · lossless

BEGIN;

DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT orders.id FROM orders, customers WHERE customers.id = orders.customer_id AND orders.contact IS DISTINCT FROM customers.email LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'orders.contact does not say yet what customers.email says: let all code write both, then run the backfill to its end',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT customers.id FROM customers WHERE customers.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders WHERE customers.id = orders.customer_id) LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'customers holds rows with a value in email and without a row of orders, where it would be lost: add these rows first, or clear the value',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;

COMMIT;
