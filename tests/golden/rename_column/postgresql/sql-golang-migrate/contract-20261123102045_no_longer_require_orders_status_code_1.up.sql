-- Plan     rename-orders-status-code · contract · 2 of 5
-- Deploy   a release later, when every running instance uses only status
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 2–8 min: reads and writes go on;
--          then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
-- File     1 of 3 of this migration

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders
    ADD CONSTRAINT orders_status_code_required
    CHECK (status_code IS NOT NULL) NOT VALID;
ALTER TABLE orders ALTER COLUMN status_code DROP NOT NULL;

COMMIT;
