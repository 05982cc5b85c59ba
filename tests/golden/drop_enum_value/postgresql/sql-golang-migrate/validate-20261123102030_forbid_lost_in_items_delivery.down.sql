-- Plan     drop-lost-from-delivery · validate · 1 of 2
-- Deploy   when no row holds it any more
-- Up       ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE items DROP CONSTRAINT ck_items_delivery_not_lost;

COMMIT;
