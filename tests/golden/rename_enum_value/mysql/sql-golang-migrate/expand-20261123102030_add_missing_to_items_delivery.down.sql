-- Plan     rename-lost-of-items-delivery-to-missing · expand · 1 of 1
-- Deploy   before the deploy of the code that reads missing as well as lost
-- Up       INSTANT on items, < 10 ms, waits at most 2 s
-- Down     COPY, LOCK=SHARED on items while writing the table anew, 7–20 min, waits at most 2 s:
--          writes wait, reads go on but for both ends · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
DO CASE WHEN EXISTS (
    SELECT id FROM items WHERE delivery = 'missing' LIMIT 5
) THEN UUID_TO_BIN('items.delivery still holds missing: change these rows first') END;
SET @sql_mode_before = @@SESSION.sql_mode;
SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES');
ALTER TABLE items MODIFY COLUMN delivery enum('pending','sent','lost') NOT NULL DEFAULT 'pending', ALGORITHM=COPY, LOCK=SHARED;
SET SESSION sql_mode = @sql_mode_before;
