-- Plan     drop-items · switch · 3 of 3
-- Deploy   when nothing uses items any more
-- Up       ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on items_tombstone, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE items_tombstone RENAME TO items;

COMMIT;
