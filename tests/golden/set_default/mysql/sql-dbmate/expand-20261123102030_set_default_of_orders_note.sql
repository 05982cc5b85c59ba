-- Plan     set-default-of-orders-note · expand · 1 of 1
-- Deploy   before the deploy of the code that uses the default of note
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'none', ALGORITHM=INSTANT;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders ALTER COLUMN note SET DEFAULT NULL, ALGORITHM=INSTANT;
