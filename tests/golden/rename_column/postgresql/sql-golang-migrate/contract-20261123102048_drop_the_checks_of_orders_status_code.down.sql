-- Plan     rename-orders-status-code · contract · 3 of 5
-- Deploy   a release later, when every running instance uses only status
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders
    ADD CONSTRAINT orders_status_code_required
    CHECK (status_code IS NOT NULL) NOT VALID;
ALTER TABLE orders ADD CONSTRAINT ck_orders_status CHECK (status_code <> '') NOT VALID;

COMMIT;
