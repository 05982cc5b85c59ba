-- Plan     merge-orders-remark · backfill · 1 of 1 · data only
-- Deploy   after expand
-- Up       row locks on all changed rows until it is done: one statement
-- Down     note and total still hold everything: nothing to undo · lossless

PRAGMA busy_timeout = 2000;
UPDATE orders
    SET remark = coalesce(total, '') || '/' || coalesce(note, '')
    WHERE (remark IS NOT (coalesce(total, '') || '/' || coalesce(note, ''))) AND ((remark IS NULL) OR note IS NOT nullif(substr(remark, instr(remark, '/') + 1), '') OR total IS NOT cast(nullif(substr(remark, 1, instr(remark, '/') - 1), '') as numeric));
