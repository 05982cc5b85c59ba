-- Plan     merge-customers-contact · validate · 1 of 3
-- Deploy   when the fill is done; then deploy the code that uses only contact
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE customers DROP CONSTRAINT customers_contact_required;

COMMIT;
