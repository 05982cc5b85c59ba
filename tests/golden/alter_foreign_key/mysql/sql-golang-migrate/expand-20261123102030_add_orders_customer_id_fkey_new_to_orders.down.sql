-- Plan     change-orders-customer-id-fkey-of-orders · expand · 1 of 3
-- Deploy   before the deploy of the code that counts on ON DELETE CASCADE
-- Up       INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s
-- Down     INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders
    DROP FOREIGN KEY orders_customer_id_fkey_new, ALGORITHM=INPLACE, LOCK=NONE;
