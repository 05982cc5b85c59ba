"""Drop name from customers

Plan     split-customers-name · contract · 4 of 4
Deploy   a release later, when every running instance uses only first_name and last_name
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless
Models   Customer: first_name = models.CharField(max_length=200)
Models   Customer: last_name = models.CharField(max_length=80, null=True, blank=True)
Models   Customer: no name
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0008_end_the_sync_of_name_and_first_name_and_last_name_of"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        # The downgrade makes name again from first_name and last_name.
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
                    name="first_name",
                    field=models.CharField(max_length=200),
                ),
                migrations.AddField(
                    model_name="customer",
                    name="last_name",
                    field=models.CharField(max_length=80, null=True, blank=True),
                ),
                migrations.RemoveField(model_name="customer", name="name"),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
