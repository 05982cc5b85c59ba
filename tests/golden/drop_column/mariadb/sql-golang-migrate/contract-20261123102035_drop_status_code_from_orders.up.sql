-- Plan     drop-orders-status-code · contract · 6 of 6
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until orders_status_code_archive
--          is dropped
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders DROP COLUMN status_code, ALGORITHM=INSTANT;
