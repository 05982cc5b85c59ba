-- Plan     rename-orders-status-code · validate · 4 of 6
-- Deploy   when the fill is done; then deploy the code that uses only status
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders DROP CONSTRAINT orders_status_required;

COMMIT;
