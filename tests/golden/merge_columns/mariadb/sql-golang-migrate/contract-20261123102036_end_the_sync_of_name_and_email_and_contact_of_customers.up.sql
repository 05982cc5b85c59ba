-- Plan     merge-customers-contact · contract · 3 of 5
-- Deploy   a release later, when every running instance uses only contact
-- Up       metadata lock on customers, < 10 ms, waits at most 2 s
-- Down     metadata lock on customers, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
DROP TRIGGER IF EXISTS zz_sync_customers_name_email_contact_insert;
DROP TRIGGER IF EXISTS zz_sync_customers_name_email_contact_update;
