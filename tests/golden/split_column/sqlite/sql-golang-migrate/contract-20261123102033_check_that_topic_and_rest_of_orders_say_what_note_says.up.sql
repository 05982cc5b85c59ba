-- Plan     split-orders-note · contract · 1 of 2 · data only
-- Deploy   a release later, when every running instance uses only topic and rest
-- Up       no lock
-- Down     row locks on all changed rows until it is done: one statement · lossless

DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "note of orders holds values that topic and rest would not bring back: mend them, in either form" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT id FROM orders WHERE note IS NOT (topic || coalesce(' ' || rest, '')) LIMIT 5
);
DROP TABLE temp.migwiz_require;
