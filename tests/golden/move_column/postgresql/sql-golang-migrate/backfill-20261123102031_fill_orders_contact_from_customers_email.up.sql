-- Plan     move-customers-email · backfill · 1 of 1 · data only
-- Deploy   when every running instance writes both customers.email and orders.contact
-- Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
-- Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left; planned
--          with --backfill runner, move-customers-email would go on where it was
-- Down     customers.email still holds everything: nothing to undo · lossless
-- Repair   when it was cut short: migrate force 20261123102030, then migrate up 1

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
    FROM orders ORDER BY id LIMIT 1;
    WHILE walk.from_0 IS NOT NULL LOOP
        walk.started := clock_timestamp();
        SET LOCAL lock_timeout = '2s';
        SELECT id INTO walk.upto_0 FROM (
            SELECT id FROM orders
            WHERE id >= walk.from_0
            ORDER BY id LIMIT walk.size
        ) AS walked
        ORDER BY id DESC LIMIT 1;
        BEGIN
            UPDATE orders SET contact = customers.email
            FROM customers
            WHERE orders.id >= walk.from_0 AND orders.id <= walk.upto_0 AND customers.id = orders.customer_id AND orders.contact IS DISTINCT FROM customers.email;
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
            SELECT id INTO walk.from_0 FROM orders
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
