-- Plan     drop-default-of-orders-created-at · contract · 1 of 1
-- Deploy   after the deploy whose code writes orders.created_at itself
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders ALTER COLUMN created_at SET DEFAULT NULL, ALGORITHM=INSTANT;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders MODIFY COLUMN created_at datetime(6) NULL DEFAULT current_timestamp(6), ALGORITHM=INSTANT;
