-- Plan     split-customers-name · contract · 1 of 4
-- Deploy   a release later, when every running instance uses only first_name and last_name
-- Up       INSTANT on customers, < 10 ms, waits at most 2 s
-- Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
ALTER TABLE customers ALTER COLUMN name SET DEFAULT '', ALGORITHM=INSTANT;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE customers ALTER COLUMN name DROP DEFAULT, ALGORITHM=INSTANT;
