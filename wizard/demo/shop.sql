-- The shop's rows: the same on every machine, because nothing here is random and no clock is read.

INSERT INTO categories (parent_id, name)
SELECT NULL, unnest(ARRAY['Kitchen', 'Garden', 'Books', 'Toys', 'Office', 'Bicycles']);

INSERT INTO categories (parent_id, name)
SELECT top.id, top.name || ': ' || kind
FROM (SELECT id, name FROM categories ORDER BY id) AS top
CROSS JOIN unnest(ARRAY['new', 'used', 'spare parts']) AS kind
ORDER BY top.id, kind;

INSERT INTO products (category_id, sku, name, price_cents)
SELECT 7 + n % 18, 'SKU-' || lpad(n::text, 5, '0'),
       (ARRAY['Blue', 'Plain', 'Folding', 'Small', 'Sturdy'])[1 + n % 5] || ' '
       || (ARRAY['kettle', 'spade', 'atlas', 'robot', 'lamp', 'bell', 'basket'])[1 + n % 7] || ' ' || n,
       200 + n * 7919 % 19800
FROM generate_series(1, 1200) AS n;

-- One customer in fifty never gave an email address; nobody has a full name yet.
INSERT INTO customers (email, first_name, last_name, created_at)
SELECT CASE WHEN n % 50 <> 0 THEN 'customer' || n || '@example.org' END,
       (ARRAY['Ada', 'Bela', 'Chen', 'Dora', 'Emil', 'Fatou', 'Grace', 'Hugo'])[1 + n % 8],
       (ARRAY['Abel', 'Brand', 'Costa', 'Diaz', 'Ende', 'Falk', 'Gruber'])[1 + n % 7],
       timestamptz '2025-03-12 08:00+00' + n * interval '43 minutes'
FROM generate_series(1, 20000) AS n;

INSERT INTO addresses (customer_id, street, city, country)
SELECT 1 + (n - 1) % 20000,
       (ARRAY['Mill Lane', 'High Street', 'Station Road', 'Park Row'])[1 + n % 4] || ' ' || 1 + n % 180,
       (ARRAY['Bergen', 'Gent', 'Graz', 'Lyon', 'Porto', 'Turku'])[1 + n % 6],
       (ARRAY['NO', 'BE', 'AT', 'FR', 'PT', 'FI'])[1 + n % 6]
FROM generate_series(1, 25000) AS n;

-- An order goes to its customer's first address, or is fetched from the shop.
INSERT INTO orders
    (customer_id, shipping_address_id, status_code, channel, total_cents, placed_at, closed_at)
SELECT customer, CASE WHEN n % 9 <> 0 THEN customer END,
       CASE WHEN n > 99000 THEN (ARRAY['new', 'paid'])[1 + n % 2]
            WHEN n > 97000 THEN 'shipped'
            WHEN n % 23 = 0 THEN 'cancelled'
            ELSE 'done' END,
       (ARRAY['web', 'web', 'app', 'phone', 'store']::order_channel[])[1 + n % 5],
       500 + n::bigint * 7919 % 40000,
       timestamptz '2025-03-20 08:00+00' + n * interval '8 minutes 30 seconds',
       CASE WHEN n <= 97000
            THEN timestamptz '2025-03-23 08:00+00' + n * interval '8 minutes 30 seconds' END
FROM (SELECT n, (1 + n::bigint * 6151 % 20000)::int AS customer
      FROM generate_series(1, 100000) AS n) AS numbers;

INSERT INTO order_items (order_id, line, product_id, quantity, unit_price_cents)
SELECT n, line, 1 + (n::bigint * 31 + line * 17) % 1200, 1 + (n + line) % 4, 200 + n % 19800
FROM generate_series(1, 100000) AS n
CROSS JOIN LATERAL generate_series(1, 1 + n % 3) AS line;

INSERT INTO payments (order_id, provider, amount_cents, received_at)
SELECT id, (ARRAY['card', 'transfer', 'wallet'])[1 + id % 3], total_cents,
       CASE WHEN status_code <> 'new' THEN placed_at + interval '20 minutes' END
FROM orders WHERE status_code <> 'cancelled' ORDER BY id;

INSERT INTO events (occurred_at, customer_id, kind, payload)
SELECT timestamptz '2026-01-01 00:00+00' + n * interval '4 minutes',
       CASE WHEN n % 3 <> 0 THEN 1 + n * 37 % 20000 END,
       (ARRAY['view', 'search', 'add_to_basket', 'checkout'])[1 + n % 4],
       jsonb_build_object('page', n % 40)
FROM generate_series(1, 110000) AS n;

-- Some of these orders have been deleted since: an audit trail outlives what it is about.
INSERT INTO order_audit (order_id, old_total_cents, new_total_cents, changed_at, changed_by)
SELECT n * 51, 1000 + n, 900 + n, timestamptz '2026-02-04 09:00+00' + n * interval '3 hours', 'shop'
FROM generate_series(1, 2000) AS n;

ANALYZE;
