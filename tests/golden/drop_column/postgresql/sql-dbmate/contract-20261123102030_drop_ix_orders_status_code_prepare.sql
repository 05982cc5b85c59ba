-- Plan     drop-orders-status-code · contract · 1 of 7
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       SHARE UPDATE EXCLUSIVE on orders: reads and writes go on
-- Down     SHARE UPDATE EXCLUSIVE on orders while building, 1–7 min: reads and writes go on · lossless
-- File     1 of 3 of this migration: makes sure that the index is valid
-- Repair   when the rollback was cut short: dbmate up, then roll back again

-- migrate:up
-- Nothing to do in this direction.

-- migrate:down
DO $$
BEGIN
    IF (
SELECT coalesce((
    SELECT CASE
        WHEN (
            i.indrelid = to_regclass('orders')
            AND i.indisunique = false
            AND m.amname = 'btree'
            AND i.indnkeyatts = 2
            AND (i.indpred IS NOT NULL) = false
            AND ARRAY(
                SELECT a.attname::text
                FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
                LEFT JOIN pg_attribute a
                    ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0
                ORDER BY k.place
            ) = ARRAY['status_code', 'created_at']::text[]
            AND i.indoption::text = '0 3'
            AND i.indnullsnotdistinct = false
        ) IS NOT TRUE THEN 'different'
        WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
        ELSE 'invalid'
    END
    FROM pg_class c
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    LEFT JOIN pg_am m ON m.oid = c.relam
    WHERE c.relname = 'ix_orders_status_code'
        AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('orders'))
), 'absent')
) IS DISTINCT FROM 'valid' THEN
        RAISE EXCEPTION USING MESSAGE = 'ix_orders_status_code is not valid, its build was interrupted: the header of this file says how to repair it';
    END IF;
END
$$;
