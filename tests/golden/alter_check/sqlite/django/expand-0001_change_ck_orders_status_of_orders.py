"""Change ck_orders_status of orders

Plan     change-ck-orders-status-of-orders · expand · 1 of 1
Deploy   after the deploy whose code writes only rows with status_code IN ('new', 'paid', 'sent')
Up       EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait
Down     EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait ·
         lossless until a row breaks the earlier ck_orders_status
Models   Order: Meta.constraints: models.CheckConstraint(condition=models.Q(status_code__in=["new",
         "paid", "sent"]), name="ck_orders_status")
"""

from django.db import migrations, models


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id FROM orders WHERE NOT (status_code IN ('new', 'paid', 'sent')) LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "orders holds rows for which status_code IN ('new', 'paid', 'sent') "
                "does not hold: mend them before ck_orders_status forbids them"
            )


def rebuild_table(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
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
                CONSTRAINT ck_orders_status CHECK (status_code IN ('new', 'paid', 'sent'))
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
        cursor.execute("SELECT id FROM orders WHERE NOT (status_code <> '') LIMIT 5")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "orders holds rows for which status_code <> '' does not hold: mend "
                "them before ck_orders_status forbids them"
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
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(rebuild_table, rebuild_table_back)
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(status_code__in=["new", "paid", "sent"]),
                        name="ck_orders_status",
                    ),
                ),
            ],
        ),
    ]
