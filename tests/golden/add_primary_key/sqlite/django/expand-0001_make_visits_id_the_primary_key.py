"""Make visits (id) the primary key

Plan     make-visits-id-the-primary-key · expand · 1 of 1
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       EXCLUSIVE on visits while writing the table anew, 7–20 min: reads and writes wait
Down     EXCLUSIVE on visits while writing the table anew, 7–20 min: reads and writes wait ·
         lossless
"""

from django.db import migrations


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM visits WHERE id IS NULL LIMIT 5")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "visits.id still holds NULLs: fill them before it becomes required"
            )


def check_rows_2(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id, count(*)
            FROM visits
            WHERE id IS NOT NULL
            GROUP BY id
            HAVING count(*) > 1
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "visits holds rows with equal id: the key cannot be unique before they "
                "differ"
            )


class Migration(migrations.Migration):
    # The rebuild brings its own transaction.
    atomic = False

    dependencies = []

    operations = [
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(check_rows_2, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            [
                "PRAGMA foreign_keys = OFF",
                "PRAGMA legacy_alter_table = ON",
                "BEGIN IMMEDIATE",
                """
                    CREATE TABLE migwiz_new_visits (
                        id INTEGER NOT NULL,
                        customer_id INTEGER NOT NULL,
                        page TEXT NOT NULL,
                        seconds integer,
                        stay tstzrange,
                        PRIMARY KEY (id)
                    )
                """,
                """
                    INSERT INTO migwiz_new_visits (id, customer_id, page, seconds, stay)
                    SELECT id, customer_id, page, seconds, stay FROM visits
                """,
                "DROP TABLE IF EXISTS temp.migwiz_require",
                """
                    CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "visits and its copy differ in their number of rows" CHECK (holds))
                """,
                """
                    INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                        SELECT 1
                        WHERE (SELECT count(*) FROM visits) <> (SELECT count(*) FROM migwiz_new_visits)
                    )
                """,
                "DROP TABLE temp.migwiz_require",
                "DROP TABLE visits",
                "ALTER TABLE migwiz_new_visits RENAME TO visits",
                "CREATE INDEX ix_visits_page ON visits (page)",
                "DROP TABLE IF EXISTS temp.migwiz_require",
                """
                    CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "foreign keys point nowhere after visits was rebuilt" CHECK (holds))
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
                    CREATE TABLE migwiz_new_visits (
                        id INTEGER,
                        customer_id INTEGER NOT NULL,
                        page TEXT NOT NULL,
                        seconds integer,
                        stay tstzrange
                    )
                """,
                """
                    INSERT INTO migwiz_new_visits (id, customer_id, page, seconds, stay)
                    SELECT id, customer_id, page, seconds, stay FROM visits
                """,
                "DROP TABLE IF EXISTS temp.migwiz_require",
                """
                    CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "visits and its copy differ in their number of rows" CHECK (holds))
                """,
                """
                    INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
                        SELECT 1
                        WHERE (SELECT count(*) FROM visits) <> (SELECT count(*) FROM migwiz_new_visits)
                    )
                """,
                "DROP TABLE temp.migwiz_require",
                "DROP TABLE visits",
                "ALTER TABLE migwiz_new_visits RENAME TO visits",
                "CREATE INDEX ix_visits_page ON visits (page)",
                "DROP TABLE IF EXISTS temp.migwiz_require",
                """
                    CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "foreign keys point nowhere after visits was rebuilt" CHECK (holds))
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
        ),
    ]
