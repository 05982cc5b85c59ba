"""Add missing to delivery

Plan     rename-lost-of-delivery-to-missing · expand · 1 of 1
Deploy   before the deploy of the code that reads missing as well as lost
Up       no lock
Down     nothing to do: the value missing stays in delivery, which harms nothing · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    # A new value can be used once it is committed.
    atomic = False

    dependencies = []

    operations = [
        # The value missing stays in delivery, which harms nothing.
        migrations.RunSQL(
            """
                ALTER TYPE delivery ADD VALUE IF NOT EXISTS 'missing' AFTER 'lost'
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
