-- Plan     drop-items · switch · 1 of 3
-- Deploy   when nothing uses items any more
-- Up       no lock
-- Down     consistent read on items while reading every row, 1–4 min: reads and writes go on ·
--          lossless

-- only the downgrade has work to do: it proves items_product_id_fkey
