-- Plan     move-customers-email · validate · 1 of 1
-- Deploy   when the fill is done; then deploy the code that reads the new place and still writes both
-- Up       no lock
-- Down     a comparison changes nothing: nothing to undo · lossless

-- migrate:up
BEGIN NOT ATOMIC
    IF EXISTS (
        SELECT orders.id FROM orders, customers WHERE customers.id = orders.customer_id AND NOT (CAST(orders.contact AS binary) <=> CAST(customers.email AS binary)) LIMIT 5
    ) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'orders.contact does not say yet what customers.email says: let all code write both, then run the backfill to its end';
    END IF;
END;
BEGIN NOT ATOMIC
    IF EXISTS (
        SELECT customers.id FROM customers WHERE customers.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders WHERE customers.id = orders.customer_id) LIMIT 5
    ) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'customers holds rows with a value in email and without a row of orders, where it would be lost: add these rows first, or clear the value';
    END IF;
END;

-- migrate:down
-- a comparison changes nothing: nothing to undo
