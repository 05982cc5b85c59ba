-- Plan     drop-orders-status-code · contract · 5 of 6 · data only
-- Deploy   a release later
-- Up       no lock
-- Down     row locks on all changed rows until it is done: one statement · lossless
-- File     2 of 2 of this migration

-- Nothing to do in this direction.
