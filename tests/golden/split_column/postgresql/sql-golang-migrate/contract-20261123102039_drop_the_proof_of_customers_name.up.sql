-- Plan     split-customers-name · contract · 2 of 4
-- Deploy   a release later, when every running instance uses only first_name and last_name
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless until a NULL is
--          written to name

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE customers DROP CONSTRAINT customers_name_required;

COMMIT;
