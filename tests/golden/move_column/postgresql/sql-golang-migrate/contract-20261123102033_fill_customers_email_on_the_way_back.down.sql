-- Plan     move-customers-email · contract · 1 of 2 · data only
-- Deploy   a release later, when every running instance uses only orders.contact
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless
-- Repair   when it was cut short: migrate force 20261123102033, then migrate down 1

DO $migwiz$
#variable_conflict use_column
<<walk>>
DECLARE
    size integer := 1000;
    rest numeric := 0.2; -- after each batch, as a share of the time that it took
    changed bigint := 0;
    total bigint := 0;
    attempt integer := 0;
    started timestamptz;
    told timestamptz := clock_timestamp();
    from_0 bigint;
    upto_0 bigint;
BEGIN
    SELECT id INTO walk.from_0
    FROM customers ORDER BY id LIMIT 1;
    WHILE walk.from_0 IS NOT NULL LOOP
        walk.started := clock_timestamp();
        SET LOCAL lock_timeout = '2s';
        SELECT id INTO walk.upto_0 FROM (
            SELECT id FROM customers
            WHERE id >= walk.from_0
            ORDER BY id LIMIT walk.size
        ) AS walked
        ORDER BY id DESC LIMIT 1;
        BEGIN
            UPDATE customers SET email = orders.contact
            FROM orders
            WHERE customers.id >= walk.from_0 AND customers.id <= walk.upto_0 AND customers.id = orders.customer_id AND NOT EXISTS (SELECT 1 FROM orders AS earlier WHERE earlier.customer_id = orders.customer_id AND earlier.id < orders.id) AND orders.contact IS DISTINCT FROM customers.email;
            GET DIAGNOSTICS walk.changed = ROW_COUNT;
            walk.attempt := 0;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            walk.attempt := walk.attempt + 1;
            IF walk.attempt >= 10 THEN
                RAISE;
            END IF;
        END;
        IF walk.attempt = 0 THEN
            walk.total := walk.total + walk.changed;
            SELECT id INTO walk.from_0 FROM customers
            WHERE id > walk.upto_0 ORDER BY id LIMIT 1;
        END IF;
        COMMIT;
        IF walk.attempt = 0 AND clock_timestamp() - walk.started < interval '0.2 s' THEN
            walk.size := least(10000, ceil(walk.size * 1.2));
        ELSE
            walk.size := greatest(100, walk.size / 2);
        END IF;
        IF clock_timestamp() - walk.told > interval '10 s' THEN
            RAISE NOTICE '% rows changed so far, up to %',
                walk.total, walk.upto_0;
            walk.told := clock_timestamp();
        END IF;
        PERFORM pg_sleep(walk.attempt + walk.rest *
            extract(epoch FROM clock_timestamp() - walk.started));
        -- Reads from standbys stay fresh.
        WHILE EXISTS (SELECT 1 FROM pg_stat_replication WHERE replay_lag > interval '5 s') LOOP
            COMMIT;
            PERFORM pg_sleep(1);
        END LOOP;
    END LOOP;
    RAISE NOTICE '% rows changed', walk.total;
END
$migwiz$;
