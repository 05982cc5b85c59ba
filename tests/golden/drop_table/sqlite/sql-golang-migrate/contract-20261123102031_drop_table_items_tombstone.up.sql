-- Plan     drop-items · contract · 1 of 1
-- Deploy   a release later, when nobody has missed items
-- Up       EXCLUSIVE on items_tombstone, < 10 ms, waits at most 2 s
-- Down     RESERVED on items, < 10 ms, waits at most 2 s · structure only: items comes back empty: its
--          rows are gone

PRAGMA busy_timeout = 2000;
DROP TABLE items_tombstone;
