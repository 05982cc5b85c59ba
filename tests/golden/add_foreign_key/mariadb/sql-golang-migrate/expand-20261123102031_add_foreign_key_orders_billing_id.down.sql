-- Plan     add-foreign-key-orders-customers · expand · 2 of 2
-- Deploy   at any time
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders DROP FOREIGN KEY orders_billing_id_fkey, ALGORITHM=INSTANT;
