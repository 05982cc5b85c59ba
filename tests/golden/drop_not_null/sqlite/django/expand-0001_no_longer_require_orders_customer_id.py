"""No longer require orders.customer_id

Plan     no-longer-require-orders-customer-id · expand · 1 of 1
Deploy   after the deploy whose code copes with NULL, before any code writes one
Up       EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait
Down     EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait ·
         lossless until a NULL is written to customer_id
Models   Order: customer_id = models.IntegerField(null=True)
"""

from django.db import migrations, models


def rebuild_table(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA legacy_alter_table = ON")
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("""
            CREATE TABLE migwiz_new_orders (
                id INTEGER NOT NULL,
                customer_id INTEGER,
                billing_id INTEGER,
                status_code varchar(20) NOT NULL DEFAULT 'new',
                total numeric(10,2),
                note TEXT,
                shown TEXT,
                created_at timestamp DEFAULT CURRENT_TIMESTAMP,
                PRIMARY KEY (id),
                CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
                CONSTRAINT ck_orders_status CHECK (status_code <> '')
            )
        """)
        cursor.execute("""
            INSERT INTO migwiz_new_orders (id, customer_id, billing_id, status_code, total, note, shown, created_at)
            SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
            FROM orders
        """)
        cursor.execute("DROP TABLE IF EXISTS temp.migwiz_require")
        cursor.execute("""
            CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "orders and its copy differ in their number of rows" CHECK (holds))
        """)
        cursor.execute("""
            INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                SELECT 1
                WHERE (SELECT count(*) FROM orders) <> (SELECT count(*) FROM migwiz_new_orders)
            )
        """)
        cursor.execute("DROP TABLE temp.migwiz_require")
        cursor.execute("DROP TABLE orders")
        cursor.execute("ALTER TABLE migwiz_new_orders RENAME TO orders")
        cursor.execute("CREATE INDEX ix_orders_customer_id ON orders (customer_id)")
        cursor.execute("""
            CREATE INDEX ix_orders_status_code ON orders (status_code, created_at DESC)
        """)
        cursor.execute("DROP TABLE IF EXISTS temp.migwiz_require")
        cursor.execute("""
            CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "foreign keys point nowhere after orders was rebuilt" CHECK (holds))
        """)
        cursor.execute("""
            INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                SELECT 1 FROM pragma_foreign_key_check
            )
        """)
        cursor.execute("DROP TABLE temp.migwiz_require")
        cursor.execute("COMMIT")
        cursor.execute("PRAGMA legacy_alter_table = OFF")
        cursor.execute("PRAGMA foreign_keys = ON")


def rebuild_table_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM orders WHERE customer_id IS NULL LIMIT 5")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "orders.customer_id still holds NULLs: fill them before it becomes "
                "required"
            )
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA legacy_alter_table = ON")
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("""
            CREATE TABLE migwiz_new_orders (
                id INTEGER NOT NULL,
                customer_id INTEGER NOT NULL,
                billing_id INTEGER,
                status_code varchar(20) NOT NULL DEFAULT 'new',
                total numeric(10,2),
                note TEXT,
                shown TEXT,
                created_at timestamp DEFAULT CURRENT_TIMESTAMP,
                PRIMARY KEY (id),
                CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
                CONSTRAINT ck_orders_status CHECK (status_code <> '')
            )
        """)
        cursor.execute("""
            INSERT INTO migwiz_new_orders (id, customer_id, billing_id, status_code, total, note, shown, created_at)
            SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
            FROM orders
        """)
        cursor.execute("DROP TABLE IF EXISTS temp.migwiz_require")
        cursor.execute("""
            CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "orders and its copy differ in their number of rows" CHECK (holds))
        """)
        cursor.execute("""
            INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                SELECT 1
                WHERE (SELECT count(*) FROM orders) <> (SELECT count(*) FROM migwiz_new_orders)
            )
        """)
        cursor.execute("DROP TABLE temp.migwiz_require")
        cursor.execute("DROP TABLE orders")
        cursor.execute("ALTER TABLE migwiz_new_orders RENAME TO orders")
        cursor.execute("CREATE INDEX ix_orders_customer_id ON orders (customer_id)")
        cursor.execute("""
            CREATE INDEX ix_orders_status_code ON orders (status_code, created_at DESC)
        """)
        cursor.execute("DROP TABLE IF EXISTS temp.migwiz_require")
        cursor.execute("""
            CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "foreign keys point nowhere after orders was rebuilt" CHECK (holds))
        """)
        cursor.execute("""
            INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                SELECT 1 FROM pragma_foreign_key_check
            )
        """)
        cursor.execute("DROP TABLE temp.migwiz_require")
        cursor.execute("COMMIT")
        cursor.execute("PRAGMA legacy_alter_table = OFF")
        cursor.execute("PRAGMA foreign_keys = ON")


class Migration(migrations.Migration):
    # The rebuild brings its own transaction.
    atomic = False

    dependencies = []

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(rebuild_table, rebuild_table_back)
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="customer_id",
                    field=models.IntegerField(null=True),
                ),
            ],
        ),
    ]
