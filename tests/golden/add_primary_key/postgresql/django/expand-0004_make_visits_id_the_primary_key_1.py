"""Make visits (id) the primary key

Plan     make-visits-id-the-primary-key · expand · 4 of 4
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
         ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless
File     1 of 2 of this migration
State    the unique index visits_pkey_idx stays outside of the models: Django has no words for a
         unique index that is no constraint
"""

from django.db import migrations


def check_rows(apps, schema_editor):
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
                "visits holds rows with equal id: visits_pkey cannot be unique before "
                "they differ"
            )


def build_visits_pkey_idx(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT coalesce((
                SELECT CASE
                    WHEN (
                        i.indrelid = to_regclass('visits')
                        AND i.indisunique = true
                        AND m.amname = 'btree'
                        AND i.indnkeyatts = 1
                        AND (i.indpred IS NOT NULL) = false
                        AND ARRAY(
                            SELECT a.attname::text
                            FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
                            LEFT JOIN pg_attribute a
                                ON a.attrelid = i.indrelid
                                    AND a.attnum = k.number
                                    AND k.number <> 0
                            ORDER BY k.place
                        ) = ARRAY['id']::text[]
                        AND i.indoption::text = '0'
                        AND i.indnullsnotdistinct = false
                    ) IS NOT TRUE THEN 'different'
                    WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
                    ELSE 'invalid'
                END
                FROM pg_class c
                LEFT JOIN pg_index i ON i.indexrelid = c.oid
                LEFT JOIN pg_am m ON m.oid = c.relam
                WHERE c.relname = 'visits_pkey_idx'
                    AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('visits'))
            ), 'absent')
        """)
        state = cursor.fetchone()[0]
        if state == "different":
            raise RuntimeError(
                "visits_pkey_idx exists with another definition: rename or drop it, "
                "then run again"
            )
        if state == "invalid":
            cursor.execute("DROP INDEX CONCURRENTLY visits_pkey_idx")
        if state != "valid":
            cursor.execute("""
                CREATE UNIQUE INDEX CONCURRENTLY visits_pkey_idx ON visits (id)
            """)


def drop_index_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DROP INDEX CONCURRENTLY IF EXISTS visits_pkey_idx")


class Migration(migrations.Migration):
    # A concurrent build or drop cannot run in a transaction.
    atomic = False

    dependencies = [
        ("app", "0003_require_visits_id"),
    ]

    operations = [
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(build_visits_pkey_idx, drop_index_back),
    ]
