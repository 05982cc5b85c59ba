-- Plan     merge-customers-contact · expand · 1 of 2
-- Deploy   before the deploy of the code that uses contact
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE customers DROP COLUMN contact;

COMMIT;
