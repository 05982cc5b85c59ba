-- Plan     change-ck-orders-status-of-orders · validate · 1 of 2
-- Deploy   after expand
-- Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
-- Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on ·
--          lossless

BEGIN;

ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status;

COMMIT;
