-- Plan     rename-orders-status-code · validate · 1 of 6
-- Deploy   when the fill is done; then deploy the code that uses only status
-- Up       SHARE UPDATE EXCLUSIVE on orders while building, 1–7 min: reads and writes go on
-- Down     SHARE UPDATE EXCLUSIVE on orders: reads and writes go on · lossless
-- File     3 of 3 of this migration: makes sure that the index is valid

-- Nothing to do in this direction.
