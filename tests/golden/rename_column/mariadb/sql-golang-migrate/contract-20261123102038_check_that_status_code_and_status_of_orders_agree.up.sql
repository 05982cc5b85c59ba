-- Plan     rename-orders-status-code · contract · 3 of 6 · data only
-- Deploy   a release later, when every running instance uses only status
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless

BEGIN NOT ATOMIC
    IF EXISTS (
        SELECT id FROM orders WHERE NOT (CAST(status AS binary) <=> CAST(status_code AS binary)) LIMIT 5
    ) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'status_code and status of orders still differ: run the backfill to its end first';
    END IF;
END;
