-- Plan     move-customers-email · backfill · 1 of 1 · data only
-- Deploy   when every running instance writes both customers.email and orders.contact
-- Up       row locks on all changed rows until it is done: one statement
-- Down     customers.email still holds everything: nothing to undo · lossless

-- customers.email still holds everything: nothing to undo
