-- Plan     split-customers-name · backfill · 1 of 1 · data only
-- Deploy   after expand
-- Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
-- Down     name still holds everything: nothing to undo · lossless

-- name still holds everything: nothing to undo
