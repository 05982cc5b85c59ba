-- Plan     split-orders-note · backfill · 1 of 1 · data only
-- Deploy   after expand
-- Up       row locks on all changed rows until it is done: one statement
-- Down     note still holds everything: nothing to undo · lossless

PRAGMA busy_timeout = 2000;
UPDATE orders
    SET topic = substr(note, 1, instr(note || ' ', ' ') - 1), rest = nullif(substr(note, instr(note || ' ', ' ') + 1), '')
    WHERE (topic IS NOT substr(note, 1, instr(note || ' ', ' ') - 1) OR rest IS NOT nullif(substr(note, instr(note || ' ', ' ') + 1), '')) AND ((topic IS NULL AND rest IS NULL) OR note IS NOT (topic || coalesce(' ' || rest, '')));
