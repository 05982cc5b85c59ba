-- Plan     rename-index-ix-orders-status-code-to-ix-orders-state · expand · 1 of 1
-- Deploy   at any time
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders
    RENAME INDEX ix_orders_state TO ix_orders_status_code, ALGORITHM=INSTANT;
