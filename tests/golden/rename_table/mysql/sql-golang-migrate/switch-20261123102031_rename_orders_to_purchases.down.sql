-- Plan     rename-orders-to-purchases · switch · 1 of 1
-- Deploy   when the deploy is done everywhere
-- Up       metadata lock on orders and purchases, < 10 ms, waits at most 2 s
-- Down     metadata lock on purchases and orders, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
CREATE OR REPLACE VIEW purchases_view AS
SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
FROM orders;
RENAME TABLE orders TO orders_gone, purchases TO orders, purchases_view TO purchases;
DROP VIEW orders_gone;
