"""Make customers (email) unique

Plan     make-customers-email-unique · expand · 1 of 1
Deploy   after the deploy whose code writes no doubles
Up       EXCLUSIVE on customers while writing the table anew, 7–20 min: reads and writes wait
Down     EXCLUSIVE on customers while writing the table anew, 7–20 min: reads and writes wait ·
         lossless
Models   Customer: Meta.constraints: models.UniqueConstraint(fields=["email"],
         name="customers_email_key")
"""

from django.db import migrations, models


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT email, count(*)
            FROM customers
            WHERE email IS NOT NULL
            GROUP BY email
            HAVING count(*) > 1
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "customers holds rows with equal email: customers_email_key cannot be "
                "unique before they differ"
            )


class Migration(migrations.Migration):
    # The rebuild brings its own transaction.
    atomic = False

    dependencies = []

    operations = [
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            [
                "PRAGMA foreign_keys = OFF",
                "PRAGMA legacy_alter_table = ON",
                "BEGIN IMMEDIATE",
                """
                    CREATE TABLE migwiz_new_customers (
                        id INTEGER NOT NULL,
                        email TEXT,
                        name TEXT NOT NULL,
                        PRIMARY KEY (id),
                        CONSTRAINT customers_email_key UNIQUE (email)
                    )
                """,
                """
                    INSERT INTO migwiz_new_customers (id, email, name)
                    SELECT id, email, name FROM customers
                """,
                "DROP TABLE IF EXISTS temp.migwiz_require",
                """
                    CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "customers and its copy differ in their number of rows" CHECK (holds))
                """,
                """
                    INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                        SELECT 1
                        WHERE (SELECT count(*) FROM customers) <> (SELECT count(*) FROM migwiz_new_customers)
                    )
                """,
                "DROP TABLE temp.migwiz_require",
                "DROP TABLE customers",
                "ALTER TABLE migwiz_new_customers RENAME TO customers",
                "DROP TABLE IF EXISTS temp.migwiz_require",
                """
                    CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "foreign keys point nowhere after customers was rebuilt" CHECK (holds))
                """,
                """
                    INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                        SELECT 1 FROM pragma_foreign_key_check
                    )
                """,
                "DROP TABLE temp.migwiz_require",
                "COMMIT",
                "PRAGMA legacy_alter_table = OFF",
                "PRAGMA foreign_keys = ON",
            ],
            reverse_sql=[
                "PRAGMA foreign_keys = OFF",
                "PRAGMA legacy_alter_table = ON",
                "BEGIN IMMEDIATE",
                """
                    CREATE TABLE migwiz_new_customers (
                        id INTEGER NOT NULL,
                        email TEXT,
                        name TEXT NOT NULL,
                        PRIMARY KEY (id)
                    )
                """,
                """
                    INSERT INTO migwiz_new_customers (id, email, name)
                    SELECT id, email, name FROM customers
                """,
                "DROP TABLE IF EXISTS temp.migwiz_require",
                """
                    CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "customers and its copy differ in their number of rows" CHECK (holds))
                """,
                """
                    INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                        SELECT 1
                        WHERE (SELECT count(*) FROM customers) <> (SELECT count(*) FROM migwiz_new_customers)
                    )
                """,
                "DROP TABLE temp.migwiz_require",
                "DROP TABLE customers",
                "ALTER TABLE migwiz_new_customers RENAME TO customers",
                "DROP TABLE IF EXISTS temp.migwiz_require",
                """
                    CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "foreign keys point nowhere after customers was rebuilt" CHECK (holds))
                """,
                """
                    INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                        SELECT 1 FROM pragma_foreign_key_check
                    )
                """,
                "DROP TABLE temp.migwiz_require",
                "COMMIT",
                "PRAGMA legacy_alter_table = OFF",
                "PRAGMA foreign_keys = ON",
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.UniqueConstraint(
                        fields=["email"], name="customers_email_key"
                    ),
                ),
            ],
        ),
    ]
