-- Plan     rename-orders-to-purchases · contract · 1 of 1
-- Deploy   a release later, when nothing says orders any more
-- Up       metadata lock on orders, < 10 ms, waits at most 2 s
-- Down     no lock · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
CREATE VIEW orders AS
SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
FROM purchases;
