-- Plan     move-customers-email · contract · 2 of 2
-- Deploy   a release later, when every running instance uses only orders.contact
-- Up       INSTANT on customers, < 10 ms, waits at most 2 s
-- Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless until rows of orders with the
--          same row of customers differ

-- migrate:up
SET SESSION lock_wait_timeout = 2;
-- the downgrade makes email again from orders.contact
ALTER TABLE customers DROP COLUMN email, ALGORITHM=INSTANT;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE customers
    ADD COLUMN email varchar(200) NULL DEFAULT NULL, ALGORITHM=INSTANT;
