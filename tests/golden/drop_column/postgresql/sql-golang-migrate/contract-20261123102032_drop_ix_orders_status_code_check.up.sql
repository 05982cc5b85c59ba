-- Plan     drop-orders-status-code · contract · 1 of 7
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       SHARE UPDATE EXCLUSIVE on orders: reads and writes go on
-- Down     SHARE UPDATE EXCLUSIVE on orders while building, 1–7 min: reads and writes go on · lossless
-- File     3 of 3 of this migration: makes room for the index

-- Nothing to do in this direction.
