-- Plan     merge-customers-contact · validate · 1 of 1
-- Deploy   when the fill is done; then deploy the code that uses only contact
-- Up       INPLACE, LOCK=NONE on customers while writing the table anew, 7–20 min: reads and writes go
--          on, but queue at both ends, where it waits for open transactions, at most 2 s each time
-- Down     INPLACE, LOCK=NONE on customers while writing the table anew, 7–20 min: reads and writes go
--          on, but queue at both ends, where it waits for open transactions, at most 2 s each time ·
--          lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
BEGIN NOT ATOMIC
    IF EXISTS (
        SELECT id FROM customers WHERE contact IS NULL LIMIT 5
    ) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'customers.contact still holds NULLs: fill them before it becomes required';
    END IF;
END;
SET STATEMENT sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES') FOR ALTER TABLE customers MODIFY COLUMN contact varchar(420) NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;
