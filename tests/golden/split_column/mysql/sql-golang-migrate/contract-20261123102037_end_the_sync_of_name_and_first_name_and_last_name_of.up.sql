-- Plan     split-customers-name · contract · 3 of 4
-- Deploy   a release later, when every running instance uses only first_name and last_name
-- Up       metadata lock on customers, < 10 ms, waits at most 2 s
-- Down     metadata lock on customers, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
DROP TRIGGER IF EXISTS zz_sync_customers_name_first_name_last_name_insert;
DROP TRIGGER IF EXISTS zz_sync_customers_name_first_name_last_name_update;
