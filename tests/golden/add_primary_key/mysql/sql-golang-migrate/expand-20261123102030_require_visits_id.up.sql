-- Plan     make-visits-id-the-primary-key · expand · 1 of 2
-- Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
-- Up       INPLACE, LOCK=NONE on visits while writing the table anew, 7–20 min: reads and writes go
--          on, but queue at both ends, where it waits for open transactions, at most 2 s each time
-- Down     INPLACE, LOCK=NONE on visits while writing the table anew, 7–20 min: reads and writes go
--          on, but queue at both ends, where it waits for open transactions, at most 2 s each time ·
--          lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
DO CASE WHEN EXISTS (
    SELECT 1 FROM visits WHERE id IS NULL LIMIT 5
) THEN UUID_TO_BIN('visits.id still holds NULLs: fill them before it becomes required') END;
SET @sql_mode_before = @@SESSION.sql_mode;
SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES');
ALTER TABLE visits MODIFY COLUMN id bigint NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;
SET SESSION sql_mode = @sql_mode_before;
