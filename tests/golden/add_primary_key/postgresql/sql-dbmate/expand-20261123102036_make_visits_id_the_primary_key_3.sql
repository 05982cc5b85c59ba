-- Plan     make-visits-id-the-primary-key · expand · 4 of 4
-- Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
-- Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
--          ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless
-- File     3 of 4 of this migration: makes sure that the index is valid
-- Repair   when the build was cut short: dbmate rollback, then dbmate up

-- migrate:up
DO $$
BEGIN
    IF (
SELECT coalesce((
    SELECT CASE
        WHEN (
            i.indrelid = to_regclass('visits')
            AND i.indisunique = true
            AND m.amname = 'btree'
            AND i.indnkeyatts = 1
            AND (i.indpred IS NOT NULL) = false
            AND ARRAY(
                SELECT a.attname::text
                FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
                LEFT JOIN pg_attribute a
                    ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0
                ORDER BY k.place
            ) = ARRAY['id']::text[]
            AND i.indoption::text = '0'
            AND i.indnullsnotdistinct = false
        ) IS NOT TRUE THEN 'different'
        WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
        ELSE 'invalid'
    END
    FROM pg_class c
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    LEFT JOIN pg_am m ON m.oid = c.relam
    WHERE c.relname = 'visits_pkey_idx'
        AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('visits'))
), 'absent')
) IS DISTINCT FROM 'valid' THEN
        RAISE EXCEPTION USING MESSAGE = 'visits_pkey_idx is not valid, its build was interrupted: the header of this file says how to repair it';
    END IF;
END
$$;

-- migrate:down
-- Nothing to do in this direction.
