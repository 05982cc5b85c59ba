-- Plan     merge-customers-contact · validate · 1 of 1
-- Deploy   when the fill is done; then deploy the code that uses only contact
-- Up       INPLACE, LOCK=NONE on customers while writing the table anew, 7–20 min: reads and writes go
--          on, but queue at both ends, where it waits for open transactions, at most 2 s each time
-- Down     INPLACE, LOCK=NONE on customers while writing the table anew, 7–20 min: reads and writes go
--          on, but queue at both ends, where it waits for open transactions, at most 2 s each time ·
--          lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
DO CASE WHEN EXISTS (
    SELECT id FROM customers WHERE contact IS NULL LIMIT 5
) THEN UUID_TO_BIN('customers.contact still holds NULLs: fill them before it becomes required') END;
SET @sql_mode_before = @@SESSION.sql_mode;
SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES');
ALTER TABLE customers MODIFY COLUMN contact varchar(420) NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;
SET SESSION sql_mode = @sql_mode_before;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE customers MODIFY COLUMN contact varchar(420) NULL DEFAULT NULL, ALGORITHM=INPLACE, LOCK=NONE;
