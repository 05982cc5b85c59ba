-- Plan     rename-orders-status-code · expand · 2 of 2
-- Deploy   before the deploy of the code that uses status
-- Up       SHARE ROW EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
DROP TRIGGER zz_sync_orders_status_code_status ON orders;
DROP FUNCTION zz_sync_orders_status_code_status();

COMMIT;
