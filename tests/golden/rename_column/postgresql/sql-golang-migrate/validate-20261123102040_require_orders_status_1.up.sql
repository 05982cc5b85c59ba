-- Plan     rename-orders-status-code · validate · 6 of 6
-- Deploy   when the fill is done; then deploy the code that uses only status
-- Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on;
--          then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
-- File     1 of 2 of this migration

BEGIN;

-- done already, unless a downgrade came between
ALTER TABLE orders VALIDATE CONSTRAINT orders_status_required;

COMMIT;
