-- Plan     rename-orders-status-code · expand · 1 of 2
-- Deploy   before the deploy of the code that uses status
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
-- every value stands in status_code too
ALTER TABLE orders ADD COLUMN status varchar(20) NULL DEFAULT NULL, ALGORITHM=INSTANT;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders DROP COLUMN status, ALGORITHM=INSTANT;
