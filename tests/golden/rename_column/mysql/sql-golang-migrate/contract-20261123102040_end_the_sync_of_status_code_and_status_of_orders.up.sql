-- Plan     rename-orders-status-code · contract · 5 of 6
-- Deploy   a release later, when every running instance uses only status
-- Up       metadata lock on orders, < 10 ms, waits at most 2 s
-- Down     metadata lock on orders, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_insert;
DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_update;
