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
DO CASE WHEN EXISTS (
    SELECT id FROM orders WHERE customer_id IS NULL LIMIT 5
) THEN UUID_TO_BIN('orders.customer_id still holds NULLs: fill them before it becomes required') END;
SET @sql_mode_before = @@SESSION.sql_mode;
SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES');
ALTER TABLE orders MODIFY COLUMN customer_id bigint NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;
SET SESSION sql_mode = @sql_mode_before;
