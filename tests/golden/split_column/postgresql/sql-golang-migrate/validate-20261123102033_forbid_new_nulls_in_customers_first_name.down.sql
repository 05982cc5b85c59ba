-- Plan     split-customers-name · validate · 1 of 3
-- Deploy   when the fill is done; then deploy the code that uses only first_name and last_name
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE customers DROP CONSTRAINT customers_first_name_required;

COMMIT;
