-- Plan     no-longer-require-orders-customer-id · expand · 1 of 1
-- Deploy   after the deploy whose code copes with NULL, before any code writes one
-- Tool     pt-online-schema-change does this in production, where the table is large; then this file
--          is marked as run
-- Up       INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes go
--          on, but queue at both ends, where it waits for open transactions, at most 2 s each time
-- Down     INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes go
--          on, but queue at both ends, where it waits for open transactions, at most 2 s each time ·
--          lossless until a NULL is written to customer_id
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders MODIFY COLUMN customer_id bigint(20) NULL DEFAULT NULL, ALGORITHM=INPLACE, LOCK=NONE;
