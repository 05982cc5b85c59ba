-- Plan     add-currency-to-orders · expand · 1 of 1
-- Deploy   before the deploy of the code that uses orders.currency
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until currency is written
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders
    ADD COLUMN currency varchar(3) NOT NULL DEFAULT 'EUR', ALGORITHM=INSTANT;
