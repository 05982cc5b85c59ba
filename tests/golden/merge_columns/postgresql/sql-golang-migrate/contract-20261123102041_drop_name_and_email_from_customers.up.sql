-- Plan     merge-customers-contact · contract · 4 of 4
-- Deploy   a release later, when every running instance uses only contact
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
DROP TRIGGER zz_sync_customers_name_email_contact ON customers;
DROP FUNCTION zz_sync_customers_name_email_contact();
-- the downgrade makes name again from contact
ALTER TABLE customers DROP COLUMN name;
-- the downgrade makes email again from contact
ALTER TABLE customers DROP COLUMN email;

COMMIT;
