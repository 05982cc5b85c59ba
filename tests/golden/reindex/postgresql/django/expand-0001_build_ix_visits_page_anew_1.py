"""Build ix_visits_page of visits anew

Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 1
Deploy   at any time
Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
         SHARE UPDATE EXCLUSIVE on visits and ix_visits_page_new: reads and writes go on
Down     ix_visits_page is what it was, built anew: nothing to undo · lossless
File     1 of 2 of this migration
Models   Visit: Meta.indexes: models.Index(fields=["page"], name="ix_visits_page_new")
Models   Visit: no index ix_visits_page
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

INDEX_STATE = """
    SELECT coalesce((
        SELECT CASE
            WHEN (
                i.indrelid = to_regclass('visits')
                AND i.indisunique = false
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
                ) = ARRAY['page']::text[]
                AND i.indoption::text = '0'
                AND i.indnullsnotdistinct = false
            ) IS NOT TRUE THEN 'different'
            WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
            ELSE 'invalid'
        END
        FROM pg_class c
        LEFT JOIN pg_index i ON i.indexrelid = c.oid
        LEFT JOIN pg_am m ON m.oid = c.relam
        WHERE c.relname = 'ix_visits_page_new'
            AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('visits'))
    ), 'absent')
"""


class BuildIndex(AddIndexConcurrently):
    """Builds what is not there; drops first what an interrupted build left behind."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(INDEX_STATE)
            state = cursor.fetchone()[0]
        if state == "different":
            raise RuntimeError(
                "ix_visits_page_new exists with another definition: rename or drop "
                "it, then run again"
            )
        if state == "invalid":
            schema_editor.execute(
                "DROP INDEX CONCURRENTLY ix_visits_page_new", params=None
            )
        if state != "valid":
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    # A concurrent build or drop cannot run in a transaction.
    atomic = False

    dependencies = []

    operations = [
        BuildIndex(
            model_name="visit",
            index=models.Index(fields=["page"], name="ix_visits_page_new"),
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS ix_visits_page",
            reverse_sql=migrations.RunSQL.noop,
            state_operations=[
                migrations.RemoveIndex(model_name="visit", name="ix_visits_page")
            ],
        ),
    ]
