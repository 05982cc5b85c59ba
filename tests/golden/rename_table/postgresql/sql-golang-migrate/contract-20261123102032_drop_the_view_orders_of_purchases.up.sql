-- Plan     rename-orders-to-purchases · contract · 1 of 1
-- Deploy   a release later, when nothing says orders any more
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS SHARE on purchases: reads and writes go on · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
DROP VIEW orders;

COMMIT;
