-- Plan     drop-items · contract · 1 of 1
-- Deploy   a release later, when nobody has missed items
-- Up       ACCESS EXCLUSIVE on items_tombstone, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s · structure only: items comes back
--          empty: its rows are gone

BEGIN;

SET LOCAL lock_timeout = '2s';
DROP TABLE items_tombstone;

COMMIT;
