-- Plan     add-currency-to-orders · expand · 1 of 1
-- Deploy   before the deploy of the code that uses orders.currency
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until currency is written

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN currency varchar(3) DEFAULT 'EUR' NOT NULL;

COMMIT;
