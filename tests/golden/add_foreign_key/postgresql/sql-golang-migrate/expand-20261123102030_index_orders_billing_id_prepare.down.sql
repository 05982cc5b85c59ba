-- Plan     add-foreign-key-orders-customers · expand · 1 of 2
-- Deploy   at any time
-- Up       SHARE UPDATE EXCLUSIVE on orders while building, 1–7 min: reads and writes go on
-- Down     SHARE UPDATE EXCLUSIVE on orders: reads and writes go on · lossless
-- File     1 of 3 of this migration: makes room for the index

-- Nothing to do in this direction.
