-- Plan     drop-items · switch · 3 of 3
-- Deploy   when nothing uses items any more
-- Up       metadata lock on items, < 10 ms, waits at most 2 s
-- Down     metadata lock on items_tombstone, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
RENAME TABLE items TO items_tombstone;
