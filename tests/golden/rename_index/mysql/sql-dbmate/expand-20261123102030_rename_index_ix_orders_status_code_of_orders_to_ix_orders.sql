-- Plan     rename-index-ix-orders-status-code-to-ix-orders-state · expand · 1 of 1
-- Deploy   at any time
-- Up       INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s
-- Down     INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders
    RENAME INDEX ix_orders_status_code TO ix_orders_state, ALGORITHM=INPLACE, LOCK=NONE;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders
    RENAME INDEX ix_orders_state TO ix_orders_status_code, ALGORITHM=INPLACE, LOCK=NONE;
