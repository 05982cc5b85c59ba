-- Plan     drop-index-ix-orders-status-code-of-orders · expand · 1 of 1
-- Deploy   at any time; then watch the slowest queries for some days
-- Up       INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s
-- Down     INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders
    ALTER INDEX ix_orders_status_code INVISIBLE, ALGORITHM=INPLACE, LOCK=NONE;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders
    ALTER INDEX ix_orders_status_code VISIBLE, ALGORITHM=INPLACE, LOCK=NONE;
