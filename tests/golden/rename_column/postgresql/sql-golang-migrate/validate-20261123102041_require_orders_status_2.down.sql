-- Plan     rename-orders-status-code · validate · 6 of 6
-- Deploy   when the fill is done; then deploy the code that uses only status
-- Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on;
--          then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
-- File     2 of 2 of this migration

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders
    ADD CONSTRAINT orders_status_required
    CHECK (status IS NOT NULL) NOT VALID;
ALTER TABLE orders ALTER COLUMN status DROP NOT NULL;

COMMIT;
