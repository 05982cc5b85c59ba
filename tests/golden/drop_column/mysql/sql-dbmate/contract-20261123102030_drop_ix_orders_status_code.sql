-- Plan     drop-orders-status-code · contract · 1 of 6
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s
-- Down     INPLACE, LOCK=NONE on orders while building, 1–7 min: reads and writes go on, but queue at
--          both ends, where it waits for open transactions, at most 2 s each time · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders DROP INDEX ix_orders_status_code, ALGORITHM=INPLACE, LOCK=NONE;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders
    ADD INDEX ix_orders_status_code (status_code, created_at DESC), ALGORITHM=INPLACE, LOCK=NONE;
