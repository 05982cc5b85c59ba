-- Plan     fill-orders-note · backfill · 1 of 1 · data only
-- Deploy   at any time, best when there is little traffic
-- Up       row locks on all changed rows until it is done: one statement
-- Down     only NULLs were filled, which harms nothing: nothing to undo · lossless

-- only NULLs were filled, which harms nothing: nothing to undo
