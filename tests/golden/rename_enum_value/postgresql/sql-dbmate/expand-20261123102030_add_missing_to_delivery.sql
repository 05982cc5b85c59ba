-- Plan     rename-lost-of-delivery-to-missing · expand · 1 of 1
-- Deploy   before the deploy of the code that reads missing as well as lost
-- Up       no lock
-- Down     nothing to do: the value missing stays in delivery, which harms nothing · lossless

-- migrate:up
ALTER TYPE delivery ADD VALUE IF NOT EXISTS 'missing' AFTER 'lost';

-- migrate:down
-- the value missing stays in delivery, which harms nothing
