-- Plan     split-orders-note · backfill · 1 of 1 · data only
-- Deploy   after expand
-- Up       row locks on all changed rows until it is done: one statement
-- Down     note still holds everything: nothing to undo · lossless

-- note still holds everything: nothing to undo
