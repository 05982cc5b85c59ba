"""Create type payment

Plan     create-type-payment · expand · 1 of 1
Deploy   before the deploy of the code that uses payment
Up       no lock
Down     no lock · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            "CREATE TYPE payment AS ENUM ('open', 'paid', 'refunded')",
            reverse_sql="DROP TYPE payment",
        ),
    ]
