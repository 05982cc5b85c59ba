-- Plan     add-returned-to-items-delivery · expand · 1 of 1
-- Deploy   after the deploy of the code that can read returned, before the one that writes it
-- Up       INSTANT on items, < 10 ms, waits at most 2 s
-- Down     COPY, LOCK=SHARED on items while writing the table anew, 7–20 min, waits at most 2 s:
--          writes wait, reads go on but for both ends · lossless until a row of items holds returned

-- migrate:up
SET SESSION lock_wait_timeout = 2;
SET @sql_mode_before = @@SESSION.sql_mode;
SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES');
ALTER TABLE items MODIFY COLUMN delivery enum('pending','sent','lost','returned') NOT NULL DEFAULT 'pending', ALGORITHM=INSTANT;
SET SESSION sql_mode = @sql_mode_before;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
DO CASE WHEN EXISTS (
    SELECT id FROM items WHERE delivery = 'returned' LIMIT 5
) THEN UUID_TO_BIN('items.delivery still holds returned: change these rows first') END;
SET @sql_mode_before = @@SESSION.sql_mode;
SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES');
ALTER TABLE items MODIFY COLUMN delivery enum('pending','sent','lost') NOT NULL DEFAULT 'pending', ALGORITHM=COPY, LOCK=SHARED;
SET SESSION sql_mode = @sql_mode_before;
