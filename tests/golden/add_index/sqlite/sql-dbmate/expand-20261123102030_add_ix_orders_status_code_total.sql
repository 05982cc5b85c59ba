-- Plan     add-index-on-orders-status-code-total · expand · 1 of 1
-- Deploy   at any time
-- Up       RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on
-- Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
PRAGMA busy_timeout = 2000;
CREATE INDEX ix_orders_status_code_total ON orders (status_code, total);

-- migrate:down
PRAGMA busy_timeout = 2000;
DROP INDEX ix_orders_status_code_total;
