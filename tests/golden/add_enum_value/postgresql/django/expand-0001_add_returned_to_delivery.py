"""Add returned to delivery

Plan     add-returned-to-delivery · expand · 1 of 1
Deploy   after the deploy of the code that can read returned, before the one that writes it
Up       no lock
Down     nothing to do: the value returned stays in delivery, which harms nothing · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    # A new value can be used once it is committed.
    atomic = False

    dependencies = []

    operations = [
        # The value returned stays in delivery, which harms nothing.
        migrations.RunSQL(
            """
                ALTER TYPE delivery ADD VALUE IF NOT EXISTS 'returned' BEFORE 'lost'
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
