-- Plan     set-default-of-orders-note · expand · 1 of 1
-- Deploy   before the deploy of the code that uses the default of note
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'none';

COMMIT;
