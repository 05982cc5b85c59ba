-- Plan     change-type-orders-total · switch · 1 of 2 · data only
-- Deploy   after the deploy that copes with both types; then recycle connections: prepared statements
--          of orders fail until then
-- Up       no lock
-- Down     it only looks: nothing to undo · lossless

-- it only looks: nothing to undo
