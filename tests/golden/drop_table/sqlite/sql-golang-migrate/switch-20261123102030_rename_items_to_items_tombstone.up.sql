-- Plan     drop-items · switch · 1 of 1
-- Deploy   when nothing uses items any more
-- Up       RESERVED on items, < 10 ms, waits at most 2 s
-- Down     RESERVED on items_tombstone, < 10 ms, waits at most 2 s · lossless

PRAGMA busy_timeout = 2000;
ALTER TABLE items RENAME TO items_tombstone;
