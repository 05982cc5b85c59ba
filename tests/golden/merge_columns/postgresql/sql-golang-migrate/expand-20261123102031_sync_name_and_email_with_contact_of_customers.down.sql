-- Plan     merge-customers-contact · expand · 2 of 2
-- Deploy   before the deploy of the code that uses contact
-- Up       SHARE ROW EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
DROP TRIGGER zz_sync_customers_name_email_contact ON customers;
DROP FUNCTION zz_sync_customers_name_email_contact();

COMMIT;
