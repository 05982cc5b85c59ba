-- Plan     change-type-orders-total · switch · 1 of 1
-- Deploy   after the deploy that copes with both types
-- Tool     pt-online-schema-change does this in production, where the table is large; then this file
--          is marked as run
-- Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
--          writes wait, reads go on but for both ends
-- Down     COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
--          writes wait, reads go on but for both ends · lossless until orders.total holds a value that
--          decimal(10,2) cannot hold

-- migrate:up
SET SESSION lock_wait_timeout = 2;
SET STATEMENT sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES') FOR ALTER TABLE orders MODIFY COLUMN total decimal(14,4) NULL DEFAULT NULL, ALGORITHM=COPY, LOCK=SHARED;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
BEGIN NOT ATOMIC
    IF EXISTS (
        SELECT id FROM orders WHERE NOT (abs(total) < 100000000 AND total = round(total, 2)) LIMIT 5
    ) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the way back is closed: orders.total holds values that decimal(10,2) cannot hold';
    END IF;
END;
SET STATEMENT sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES') FOR ALTER TABLE orders MODIFY COLUMN total decimal(10,2) NULL DEFAULT NULL, ALGORITHM=COPY, LOCK=SHARED;
