-- Plan     change-type-orders-total · backfill · 1 of 1 · data only
-- Deploy   after expand
-- Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
-- Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left; planned
--          with --backfill runner, change-type-orders-total would go on where it was
-- Down     both columns hold the same values: nothing to undo · lossless

-- both columns hold the same values: nothing to undo
