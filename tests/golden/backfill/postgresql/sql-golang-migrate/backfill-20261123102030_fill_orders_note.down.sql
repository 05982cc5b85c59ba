-- Plan     fill-orders-note · backfill · 1 of 1 · data only
-- Deploy   at any time, best when there is little traffic
-- Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
-- Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left; planned
--          with --backfill runner, fill-orders-note would go on where it was
-- Down     only NULLs were filled, which harms nothing: nothing to undo · lossless

-- only NULLs were filled, which harms nothing: nothing to undo
