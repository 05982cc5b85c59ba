-- Plan     rename-orders-status-code · validate · 3 of 3
-- Deploy   when the fill is done; then deploy the code that uses only status
-- Tool     pt-online-schema-change does this in production, where the table is large; then this file
--          is marked as run
-- Up       INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes go
--          on, but queue at both ends, where it waits for open transactions, at most 2 s each time
-- Down     INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes go
--          on, but queue at both ends, where it waits for open transactions, at most 2 s each time ·
--          lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
BEGIN NOT ATOMIC
    IF EXISTS (
        SELECT id FROM orders WHERE status IS NULL LIMIT 5
    ) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'orders.status still holds NULLs: fill them before it becomes required';
    END IF;
END;
SET STATEMENT sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES') FOR ALTER TABLE orders MODIFY COLUMN status varchar(20) NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders MODIFY COLUMN status varchar(20) NULL DEFAULT NULL, ALGORITHM=INPLACE, LOCK=NONE;
