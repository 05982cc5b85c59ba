-- Plan     add-foreign-key-orders-customers · expand · 1 of 2
-- Deploy   at any time
-- Up       RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on
-- Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
PRAGMA busy_timeout = 2000;
CREATE INDEX ix_orders_billing_id ON orders (billing_id);

-- migrate:down
PRAGMA busy_timeout = 2000;
DROP INDEX ix_orders_billing_id;
