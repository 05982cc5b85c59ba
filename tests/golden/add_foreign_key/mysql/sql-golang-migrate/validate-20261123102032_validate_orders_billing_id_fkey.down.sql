-- Plan     add-foreign-key-orders-customers · validate · 1 of 1
-- Deploy   after expand
-- Up       consistent read on orders while reading every row, 1–4 min: reads and writes go on
-- Down     nothing to do: orders_billing_id_fkey stays validated, which harms nothing · lossless

-- orders_billing_id_fkey stays validated, which harms nothing
