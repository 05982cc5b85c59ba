-- Plan     fill-orders-note · backfill · 1 of 1 · data only
-- Deploy   at any time, best when there is little traffic
-- Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
-- Down     only NULLs were filled, which harms nothing: nothing to undo · lossless

-- only NULLs were filled, which harms nothing: nothing to undo
