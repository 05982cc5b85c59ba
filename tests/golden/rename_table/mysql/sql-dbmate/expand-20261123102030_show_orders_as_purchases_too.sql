-- Plan     rename-orders-to-purchases · expand · 1 of 1
-- Deploy   before the deploy of the code that uses purchases
-- Up       no lock
-- Down     metadata lock on purchases, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
CREATE VIEW purchases AS
SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
FROM orders;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
DROP VIEW purchases;
