-- Plan     rename-orders-note · backfill · 1 of 1 · data only
-- Deploy   after expand
-- Up       row locks on all changed rows until it is done: one statement
-- Down     both columns hold the same values: nothing to undo · lossless

-- both columns hold the same values: nothing to undo
