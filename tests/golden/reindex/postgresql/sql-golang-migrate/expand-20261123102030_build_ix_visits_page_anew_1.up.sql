-- Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 1
-- Deploy   at any time
-- Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
--          SHARE UPDATE EXCLUSIVE on visits and ix_visits_page_new: reads and writes go on
-- Down     ix_visits_page is what it was, built anew: nothing to undo · lossless
-- File     1 of 5 of this migration: makes room for the index

BEGIN;

SET LOCAL lock_timeout = '2s';
-- An interrupted build leaves an index that is INVALID: it slows writes and serves no query.
DO $$
DECLARE
    state text := (
SELECT coalesce((
    SELECT CASE
        WHEN (
            i.indrelid = to_regclass('visits')
            AND i.indisunique = false
            AND m.amname = 'btree'
            AND i.indnkeyatts = 1
            AND (i.indpred IS NOT NULL) = false
            AND ARRAY(
                SELECT a.attname::text
                FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
                LEFT JOIN pg_attribute a
                    ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0
                ORDER BY k.place
            ) = ARRAY['page']::text[]
            AND i.indoption::text = '0'
            AND i.indnullsnotdistinct = false
        ) IS NOT TRUE THEN 'different'
        WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
        ELSE 'invalid'
    END
    FROM pg_class c
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    LEFT JOIN pg_am m ON m.oid = c.relam
    WHERE c.relname = 'ix_visits_page_new'
        AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('visits'))
), 'absent')
);
BEGIN
    IF state = 'different' THEN
        RAISE EXCEPTION USING MESSAGE = 'ix_visits_page_new is there already with another definition: rename or drop it, then run again';
    ELSIF state = 'invalid' THEN
        DROP INDEX ix_visits_page_new;
    END IF;
END
$$;

COMMIT;
