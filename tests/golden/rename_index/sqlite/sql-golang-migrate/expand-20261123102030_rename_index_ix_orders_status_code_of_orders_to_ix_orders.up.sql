-- Plan     rename-index-ix-orders-status-code-to-ix-orders-state · expand · 1 of 1
-- Deploy   at any time
-- Up       RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on;
--          then RESERVED on orders, < 10 ms, waits at most 2 s
-- Down     RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on;
--          then RESERVED on orders, < 10 ms, waits at most 2 s · lossless

PRAGMA busy_timeout = 2000;
CREATE INDEX ix_orders_state ON orders (status_code, created_at DESC);
DROP INDEX ix_orders_status_code;
