-- Plan     split-orders-note · contract · 1 of 2 · data only
-- Deploy   a release later, when every running instance uses only topic and rest
-- Up       no lock
-- Down     row locks on all changed rows until it is done: one statement · lossless

PRAGMA busy_timeout = 2000;
UPDATE orders
    SET note = topic || coalesce(' ' || rest, '')
    WHERE note IS NOT (topic || coalesce(' ' || rest, ''));
