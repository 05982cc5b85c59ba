-- Plan     change-type-orders-total · switch · 1 of 1
-- Deploy   after the deploy that copes with both types
-- Tool     pt-online-schema-change does this in production, where the table is large; then this file
--          is marked as run
-- Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
--          writes wait, reads go on but for both ends
-- Down     COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
--          writes wait, reads go on but for both ends · lossless until orders.total holds a value that
--          decimal(10,2) cannot hold
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
SET @sql_mode_before = @@SESSION.sql_mode;
SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES');
ALTER TABLE orders MODIFY COLUMN total decimal(14,4) NULL DEFAULT NULL, ALGORITHM=COPY, LOCK=SHARED;
SET SESSION sql_mode = @sql_mode_before;
