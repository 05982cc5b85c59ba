-- Plan     drop-items · switch · 3 of 3
-- Deploy   when nothing uses items any more
-- Up       metadata lock on items, < 10 ms, waits at most 2 s
-- Down     metadata lock on items_tombstone, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
RENAME TABLE items TO items_tombstone;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
RENAME TABLE items_tombstone TO items;
