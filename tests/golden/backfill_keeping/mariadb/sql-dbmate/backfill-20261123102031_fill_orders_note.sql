-- Plan     fill-orders-note · backfill · 1 of 1 · data only
-- Deploy   at any time, best when there is little traffic
-- Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
-- Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left; planned
--          with --backfill runner, fill-orders-note would go on where it was
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless until orders_note_old is dropped

-- migrate:up transaction:false
BEGIN NOT ATOMIC
    DECLARE walk_size INT DEFAULT 1000;
    DECLARE walk_busy, walk_attempt INT DEFAULT 0;
    -- After each batch, as a share of the time that it took.
    DECLARE walk_rest DOUBLE DEFAULT 0.2;
    DECLARE walk_took DOUBLE;
    DECLARE walk_started DATETIME(6);
    DECLARE walk_wait INT DEFAULT @@SESSION.innodb_lock_wait_timeout;
    DECLARE walk_from_0 TYPE OF orders.id;
    DECLARE walk_upto_0 TYPE OF orders.id;
    DECLARE CONTINUE HANDLER FOR 1205, 1213 SET walk_busy = 1;
    SET SESSION innodb_lock_wait_timeout = 2;
    SELECT id INTO walk_from_0 FROM orders ORDER BY id LIMIT 1;
    WHILE walk_from_0 IS NOT NULL DO
        SET walk_started = NOW(6), walk_busy = 0;
        SELECT id INTO walk_upto_0 FROM (
            SELECT id FROM orders WHERE id >= walk_from_0
            ORDER BY id LIMIT walk_size
        ) AS walked ORDER BY id DESC LIMIT 1;
        START TRANSACTION;
        INSERT INTO orders_note_old (id, old_note, new_note)
        SELECT id, note, ('new') FROM orders
        WHERE id >= walk_from_0 AND id <= walk_upto_0 AND NOT (CAST(note AS binary) <=> CAST('new' AS binary))
        ORDER BY id FOR UPDATE
        ON DUPLICATE KEY UPDATE
            old_note = CASE WHEN NOT (CAST(VALUES(old_note) AS binary) <=> CAST(orders_note_old.new_note AS binary)) THEN VALUES(old_note) ELSE orders_note_old.old_note END,
            new_note = VALUES(new_note);
        IF NOT walk_busy THEN
            UPDATE orders SET note = (SELECT kept.new_note FROM orders_note_old AS kept WHERE kept.id = orders.id) WHERE id >= walk_from_0 AND id <= walk_upto_0 AND NOT (CAST(note AS binary) <=> CAST('new' AS binary)) AND EXISTS (SELECT 1 FROM orders_note_old AS kept WHERE kept.id = orders.id);
        END IF;
        IF walk_busy THEN
            ROLLBACK;
            SET walk_attempt = walk_attempt + 1;
            IF walk_attempt >= 10 THEN
                SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
                    'a row stayed locked for 10 tries: run this again';
            END IF;
        ELSE
            COMMIT;
            SET walk_attempt = 0, walk_from_0 = NULL;
            SELECT id INTO walk_from_0 FROM orders
            WHERE id > walk_upto_0 ORDER BY id LIMIT 1;
        END IF;
        SET walk_took = TIMESTAMPDIFF(MICROSECOND, walk_started, NOW(6)) / 1000000;
        IF NOT walk_busy AND walk_took < 0.2 THEN
            SET walk_size = LEAST(10000, CEIL(walk_size * 1.2));
        ELSE
            SET walk_size = GREATEST(100, walk_size DIV 2);
        END IF;
        DO SLEEP(walk_attempt + walk_rest * walk_took);
    END WHILE;
    SET SESSION innodb_lock_wait_timeout = walk_wait;
END;

-- migrate:down transaction:false
BEGIN NOT ATOMIC
    DECLARE walk_size INT DEFAULT 1000;
    DECLARE walk_busy, walk_attempt INT DEFAULT 0;
    -- After each batch, as a share of the time that it took.
    DECLARE walk_rest DOUBLE DEFAULT 0.2;
    DECLARE walk_took DOUBLE;
    DECLARE walk_started DATETIME(6);
    DECLARE walk_wait INT DEFAULT @@SESSION.innodb_lock_wait_timeout;
    DECLARE walk_from_0 TYPE OF orders.id;
    DECLARE walk_upto_0 TYPE OF orders.id;
    DECLARE CONTINUE HANDLER FOR 1205, 1213 SET walk_busy = 1;
    SET SESSION innodb_lock_wait_timeout = 2;
    SELECT id INTO walk_from_0 FROM orders ORDER BY id LIMIT 1;
    WHILE walk_from_0 IS NOT NULL DO
        SET walk_started = NOW(6), walk_busy = 0;
        SELECT id INTO walk_upto_0 FROM (
            SELECT id FROM orders WHERE id >= walk_from_0
            ORDER BY id LIMIT walk_size
        ) AS walked ORDER BY id DESC LIMIT 1;
        UPDATE orders, orders_note_old AS kept SET orders.note = kept.old_note WHERE orders.id >= walk_from_0 AND orders.id <= walk_upto_0 AND kept.id = orders.id AND CAST(orders.note AS binary) <=> CAST(kept.new_note AS binary) AND NOT (CAST(orders.note AS binary) <=> CAST(kept.old_note AS binary));
        IF walk_busy THEN
            ROLLBACK;
            SET walk_attempt = walk_attempt + 1;
            IF walk_attempt >= 10 THEN
                SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
                    'a row stayed locked for 10 tries: run this again';
            END IF;
        ELSE
            COMMIT;
            SET walk_attempt = 0, walk_from_0 = NULL;
            SELECT id INTO walk_from_0 FROM orders
            WHERE id > walk_upto_0 ORDER BY id LIMIT 1;
        END IF;
        SET walk_took = TIMESTAMPDIFF(MICROSECOND, walk_started, NOW(6)) / 1000000;
        IF NOT walk_busy AND walk_took < 0.2 THEN
            SET walk_size = LEAST(10000, CEIL(walk_size * 1.2));
        ELSE
            SET walk_size = GREATEST(100, walk_size DIV 2);
        END IF;
        DO SLEEP(walk_attempt + walk_rest * walk_took);
    END WHILE;
    SET SESSION innodb_lock_wait_timeout = walk_wait;
END;
