-- Plan     drop-orders-status-code · contract · 3 of 6
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       no lock
-- Down     metadata lock on orders_status_code_archive, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
DROP TABLE orders_status_code_archive;
