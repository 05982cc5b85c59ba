-- Plan     move-customers-email · contract · 2 of 2
-- Deploy   a release later, when every running instance uses only orders.contact
-- Up       INSTANT on customers, < 10 ms, waits at most 2 s
-- Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless until rows of orders with the
--          same row of customers differ
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
-- the downgrade makes email again from orders.contact
ALTER TABLE customers DROP COLUMN email, ALGORITHM=INSTANT;
