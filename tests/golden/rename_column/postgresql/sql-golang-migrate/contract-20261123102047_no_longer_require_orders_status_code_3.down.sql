-- Plan     rename-orders-status-code · contract · 2 of 5
-- Deploy   a release later, when every running instance uses only status
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 2–8 min: reads and writes go on;
--          then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
-- File     3 of 3 of this migration

BEGIN;

ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status;

COMMIT;
