-- Plan     move-customers-email · expand · 1 of 1
-- Deploy   before the deploy of the code that uses orders.contact
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until code writes only
--          orders.contact
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders DROP COLUMN contact, ALGORITHM=INSTANT;
