"""Drop name from customers

Plan     merge-customers-contact · contract · 4 of 5
Deploy   a release later, when every running instance uses only contact
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless
Models   Customer: contact = models.CharField(max_length=420)
Models   Customer: no name
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0007_end_the_sync_of_name_and_email_and_contact_of"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        # The downgrade makes name again from contact.
        migrations.RunSQL(
            ["ALTER TABLE customers DROP COLUMN name, ALGORITHM=INSTANT"],
            reverse_sql=[
                """
                    ALTER TABLE customers
                        ADD COLUMN name varchar(200) NOT NULL DEFAULT '', ALGORITHM=INSTANT
                """,
            ],
            state_operations=[
                migrations.AddField(
                    model_name="customer",
                    name="contact",
                    field=models.CharField(max_length=420),
                ),
                migrations.RemoveField(model_name="customer", name="name"),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
