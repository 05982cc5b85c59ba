-- Plan     drop-default-of-orders-created-at · contract · 1 of 1
-- Deploy   after the deploy whose code writes orders.created_at itself
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders ALTER COLUMN created_at SET DEFAULT NULL, ALGORITHM=INSTANT;
