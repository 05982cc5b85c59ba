-- Plan     split-customers-name · expand · 1 of 3
-- Deploy   before the deploy of the code that uses first_name and last_name
-- Up       INSTANT on customers, < 10 ms, waits at most 2 s
-- Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
DO CASE WHEN EXISTS (
    SELECT id FROM customers WHERE NOT (CAST(name AS binary) <=> CAST(concat_ws(' ', substring_index(name, ' ', 1), nullif(substr(name, char_length(substring_index(name, ' ', 1)) + 2), '')) AS binary)) LIMIT 5
) THEN UUID_TO_BIN('name of customers holds values that do not come back as they were from first_name and last_name: mend them, write other expre…') END;
DO CASE WHEN EXISTS (
    SELECT id FROM customers WHERE NOT (char_length(nullif(substr(name, char_length(substring_index(name, ' ', 1)) + 2), '')) <= 80) LIMIT 5
) THEN UUID_TO_BIN('name of customers makes texts that are too long for last_name (varchar(80)): choose a wider type, or mend them') END;
-- name holds every value too
ALTER TABLE customers
    ADD COLUMN first_name varchar(200) NULL DEFAULT NULL, ALGORITHM=INSTANT;
