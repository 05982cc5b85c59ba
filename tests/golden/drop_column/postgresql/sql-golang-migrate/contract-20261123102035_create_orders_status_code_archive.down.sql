-- Plan     drop-orders-status-code · contract · 4 of 7
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       no lock
-- Down     ACCESS EXCLUSIVE on orders_status_code_archive, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
DROP TABLE orders_status_code_archive;

COMMIT;
