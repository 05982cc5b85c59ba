-- Plan     move-customers-email · contract · 2 of 2
-- Deploy   a release later, when every running instance uses only orders.contact
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless until rows of orders
--          with the same row of customers differ

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE customers ADD COLUMN email text;

COMMIT;
