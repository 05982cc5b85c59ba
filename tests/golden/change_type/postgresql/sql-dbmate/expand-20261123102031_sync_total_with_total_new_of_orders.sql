-- Plan     change-type-orders-total · expand · 2 of 2
-- Deploy   before the deploy of the code that uses orders.total as numeric(14,4)
-- Up       SHARE ROW EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET LOCAL lock_timeout = '2s';
CREATE FUNCTION zz_sync_orders_total_total_new() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
BEGIN
    NEW.total_new := NEW.total;
    RETURN NEW;
END
$migwiz$;
CREATE TRIGGER zz_sync_orders_total_total_new
    BEFORE INSERT OR UPDATE
    ON orders
    FOR EACH ROW
    EXECUTE FUNCTION zz_sync_orders_total_total_new();

-- migrate:down
SET LOCAL lock_timeout = '2s';
DROP TRIGGER zz_sync_orders_total_total_new ON orders;
DROP FUNCTION zz_sync_orders_total_total_new();
