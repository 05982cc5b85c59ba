-- Plan     split-customers-name · contract · 4 of 4
-- Deploy   a release later, when every running instance uses only first_name and last_name
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
DROP TRIGGER zz_sync_customers_name_first_name_last_name ON customers;
DROP FUNCTION zz_sync_customers_name_first_name_last_name();
-- the downgrade makes name again from first_name and last_name
ALTER TABLE customers DROP COLUMN name;

COMMIT;
