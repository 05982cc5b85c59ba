-- Plan     merge-orders-remark · backfill · 1 of 1 · data only
-- Deploy   after expand
-- Up       row locks on all changed rows until it is done: one statement
-- Down     note and total still hold everything: nothing to undo · lossless

-- note and total still hold everything: nothing to undo
