-- Plan     drop-index-ix-orders-status-code-of-orders · expand · 1 of 1
-- Deploy   at any time; then watch the slowest queries for some days
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders ALTER INDEX ix_orders_status_code IGNORED, ALGORITHM=INSTANT;
