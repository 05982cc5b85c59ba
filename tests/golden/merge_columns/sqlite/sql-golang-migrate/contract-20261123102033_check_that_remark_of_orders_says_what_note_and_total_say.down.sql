-- Plan     merge-orders-remark · contract · 1 of 2 · data only
-- Deploy   a release later, when every running instance uses only remark
-- Up       no lock
-- Down     row locks on all changed rows until it is done: one statement · lossless

PRAGMA busy_timeout = 2000;
UPDATE orders
    SET note = nullif(substr(remark, instr(remark, '/') + 1), ''), total = cast(nullif(substr(remark, 1, instr(remark, '/') - 1), '') as numeric)
    WHERE (note IS NOT nullif(substr(remark, instr(remark, '/') + 1), '') OR total IS NOT cast(nullif(substr(remark, 1, instr(remark, '/') - 1), '') as numeric));
