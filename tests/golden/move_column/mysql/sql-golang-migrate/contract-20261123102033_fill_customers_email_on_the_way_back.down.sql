-- Plan     move-customers-email · contract · 1 of 2 · data only
-- Deploy   a release later, when every running instance uses only orders.contact
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless
-- Repair   when it was cut short: migrate force 20261123102033, then migrate down 1
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

DROP PROCEDURE IF EXISTS migwiz_walk_customers;
CREATE PROCEDURE migwiz_walk_customers()
BEGIN
    DECLARE walk_size INT DEFAULT 1000;
    DECLARE walk_busy, walk_attempt INT DEFAULT 0;
    -- After each batch, as a share of the time that it took.
    DECLARE walk_rest DOUBLE DEFAULT 0.2;
    DECLARE walk_took DOUBLE;
    DECLARE walk_started DATETIME(6);
    DECLARE walk_wait INT DEFAULT @@SESSION.innodb_lock_wait_timeout;
    DECLARE walk_from_0 bigint;
    DECLARE walk_upto_0 bigint;
    DECLARE CONTINUE HANDLER FOR 1205, 1213 SET walk_busy = 1;
    SET SESSION innodb_lock_wait_timeout = 2;
    SELECT id INTO walk_from_0 FROM customers ORDER BY id LIMIT 1;
    WHILE walk_from_0 IS NOT NULL DO
        SET walk_started = NOW(6), walk_busy = 0;
        SELECT id INTO walk_upto_0 FROM (
            SELECT id FROM customers WHERE id >= walk_from_0
            ORDER BY id LIMIT walk_size
        ) AS walked ORDER BY id DESC LIMIT 1;
        UPDATE customers, orders SET customers.email = orders.contact WHERE customers.id >= walk_from_0 AND customers.id <= walk_upto_0 AND customers.id = orders.customer_id AND NOT EXISTS (SELECT 1 FROM orders AS earlier WHERE earlier.customer_id = orders.customer_id AND earlier.id < orders.id) AND NOT (CAST(orders.contact AS binary) <=> CAST(customers.email AS binary));
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
            SELECT id INTO walk_from_0 FROM customers
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
CALL migwiz_walk_customers();
DROP PROCEDURE migwiz_walk_customers;
