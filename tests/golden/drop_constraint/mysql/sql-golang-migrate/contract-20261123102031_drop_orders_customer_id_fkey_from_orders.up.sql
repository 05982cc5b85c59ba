-- Plan     drop-orders-customer-id-fkey-from-orders · contract · 2 of 2
-- Deploy   when no running code counts on the constraint
-- Up       INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s
-- Down     INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s · lossless until a
--          row breaks orders_customer_id_fkey
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders
    DROP FOREIGN KEY orders_customer_id_fkey, ALGORITHM=INPLACE, LOCK=NONE;
