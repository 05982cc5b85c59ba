-- Plan     drop-index-ix-orders-status-code-of-orders · contract · 1 of 1
-- Deploy   when no query needs it any more
-- Up       SHARE UPDATE EXCLUSIVE on orders: reads and writes go on
-- Down     SHARE UPDATE EXCLUSIVE on orders while building, 1–7 min: reads and writes go on · lossless
-- File     3 of 3 of this migration: makes room for the index

-- Nothing to do in this direction.
