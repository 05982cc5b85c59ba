-- Plan     drop-items · contract · 1 of 1
-- Deploy   a release later, when nobody has missed items
-- Up       metadata lock on items_tombstone, < 10 ms, waits at most 2 s
-- Down     no lock · structure only: items_tombstone comes back empty: its rows are gone
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
DROP TABLE items_tombstone;
