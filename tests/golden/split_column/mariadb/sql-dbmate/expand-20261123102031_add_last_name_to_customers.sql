-- Plan     split-customers-name · expand · 2 of 3
-- Deploy   before the deploy of the code that uses first_name and last_name
-- Up       INSTANT on customers, < 10 ms, waits at most 2 s
-- Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
-- name holds every value too
ALTER TABLE customers
    ADD COLUMN last_name varchar(80) NULL DEFAULT NULL, ALGORITHM=INSTANT;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE customers DROP COLUMN last_name, ALGORITHM=INSTANT;
