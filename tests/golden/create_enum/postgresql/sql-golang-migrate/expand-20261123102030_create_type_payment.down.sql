-- Plan     create-type-payment · expand · 1 of 1
-- Deploy   before the deploy of the code that uses payment
-- Up       no lock
-- Down     no lock · lossless

BEGIN;

DROP TYPE payment;

COMMIT;
