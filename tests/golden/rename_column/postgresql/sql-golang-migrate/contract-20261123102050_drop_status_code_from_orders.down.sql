-- Plan     rename-orders-status-code · contract · 5 of 5
-- Deploy   a release later, when every running instance uses only status
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN status_code varchar(20);
CREATE FUNCTION zz_sync_orders_status_code_status() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status IS NOT NULL THEN
            NEW.status_code := NEW.status;
        ELSE
            NEW.status := NEW.status_code;
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status THEN
        NEW.status_code := NEW.status;
    ELSIF NEW.status_code IS DISTINCT FROM OLD.status_code THEN
        NEW.status := NEW.status_code;
    END IF;
    RETURN NEW;
END
$migwiz$;
CREATE TRIGGER zz_sync_orders_status_code_status
    BEFORE INSERT OR UPDATE
    ON orders
    FOR EACH ROW
    EXECUTE FUNCTION zz_sync_orders_status_code_status();
ALTER TABLE orders ALTER COLUMN status_code SET DEFAULT 'new'::character varying;
ALTER TABLE orders ALTER COLUMN status DROP DEFAULT;

COMMIT;
