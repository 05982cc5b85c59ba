-- Plan     make-customers-email-unique · expand · 1 of 1
-- Deploy   after the deploy whose code writes no doubles
-- Up       SHARE UPDATE EXCLUSIVE on customers while building, 1–7 min: reads and writes go on; then
--          ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless
-- File     4 of 4 of this migration

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE customers
    ADD CONSTRAINT customers_email_key
    UNIQUE USING INDEX customers_email_key_idx;

COMMIT;
