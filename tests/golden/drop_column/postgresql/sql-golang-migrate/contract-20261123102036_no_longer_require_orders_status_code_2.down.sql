-- Plan     drop-orders-status-code · contract · 4 of 9
-- Deploy   a release later
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on;
--          then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
-- File     2 of 2 of this migration

BEGIN;

ALTER TABLE orders VALIDATE CONSTRAINT orders_status_code_required;

COMMIT;
