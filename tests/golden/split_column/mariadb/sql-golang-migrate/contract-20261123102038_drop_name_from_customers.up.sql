-- Plan     split-customers-name · contract · 4 of 4
-- Deploy   a release later, when every running instance uses only first_name and last_name
-- Up       INSTANT on customers, < 10 ms, waits at most 2 s
-- Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
-- the downgrade makes name again from first_name and last_name
ALTER TABLE customers DROP COLUMN name, ALGORITHM=INSTANT;
