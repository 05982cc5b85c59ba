-- Plan     require-customers-email · validate · 1 of 3
-- Deploy   when the fill is done
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE customers DROP CONSTRAINT customers_email_required;

COMMIT;
