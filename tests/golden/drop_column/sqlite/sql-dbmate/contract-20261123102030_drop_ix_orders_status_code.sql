-- Plan     drop-orders-status-code · contract · 1 of 5
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       RESERVED on orders, < 10 ms, waits at most 2 s
-- Down     RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on ·
--          lossless

-- migrate:up
PRAGMA busy_timeout = 2000;
DROP INDEX ix_orders_status_code;

-- migrate:down
PRAGMA busy_timeout = 2000;
CREATE INDEX ix_orders_status_code ON orders (status_code, created_at DESC);
