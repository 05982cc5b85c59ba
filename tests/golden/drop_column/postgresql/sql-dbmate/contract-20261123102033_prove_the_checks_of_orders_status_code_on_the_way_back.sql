-- Plan     drop-orders-status-code · contract · 2 of 7
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       no lock
-- Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on ·
--          lossless

-- migrate:up
-- only the downgrade has work to do: it proves orders.status_code again

-- migrate:down
ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status;
