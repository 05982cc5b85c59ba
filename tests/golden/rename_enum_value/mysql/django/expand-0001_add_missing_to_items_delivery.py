"""Add missing to items.delivery

Plan     rename-lost-of-items-delivery-to-missing · expand · 1 of 1
Deploy   before the deploy of the code that reads missing as well as lost
Up       INSTANT on items, < 10 ms, waits at most 2 s
Down     COPY, LOCK=SHARED on items while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends · lossless
State    the new type of items.delivery stays outside of the models: Django has no words for the
         type enum('pending','sent','lost','missing')
"""

from django.db import migrations


def change_type(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET @sql_mode_before = @@SESSION.sql_mode")
        cursor.execute("""
            SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')
        """)
        cursor.execute("""
            ALTER TABLE items MODIFY COLUMN delivery enum('pending','sent','lost','missing') NOT NULL DEFAULT 'pending',
                ALGORITHM=INSTANT
        """)
        cursor.execute("SET SESSION sql_mode = @sql_mode_before")


def change_type_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM items WHERE delivery = 'missing' LIMIT 5")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "items.delivery still holds missing: change these rows first"
            )
        cursor.execute("SET @sql_mode_before = @@SESSION.sql_mode")
        cursor.execute("""
            SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')
        """)
        cursor.execute("""
            ALTER TABLE items MODIFY COLUMN delivery enum('pending','sent','lost') NOT NULL DEFAULT 'pending',
                ALGORITHM=COPY,
                LOCK=SHARED
        """)
        cursor.execute("SET SESSION sql_mode = @sql_mode_before")


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(change_type, change_type_back),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
