-- Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 1
-- Deploy   at any time
-- Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
--          SHARE UPDATE EXCLUSIVE on visits and ix_visits_page_new: reads and writes go on
-- Down     ix_visits_page is what it was, built anew: nothing to undo · lossless
-- File     3 of 5 of this migration: makes sure that the index is valid
-- Repair   when it was cut short: migrate force -- -1, then migrate up 3

BEGIN;

DO $$
BEGIN
    IF (
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
) IS DISTINCT FROM 'valid' THEN
        RAISE EXCEPTION USING MESSAGE = 'ix_visits_page_new is not valid, its build was interrupted: the header of this file says how to repair it';
    END IF;
END
$$;

COMMIT;
