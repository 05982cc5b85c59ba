"""Drop email from customers

Plan     move-customers-email · contract · 2 of 2
Deploy   a release later, when every running instance uses only orders.contact
Up       EXCLUSIVE on customers while writing the table anew, 7–20 min, waits at most 2 s: reads and
         writes wait
Down     RESERVED on customers, < 10 ms, waits at most 2 s · lossless until rows of orders with the
         same row of customers differ
Models   Customer: no email
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0004_fill_customers_email_on_the_way_back"),
    ]

    operations = [
        migrations.RunSQL(
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        # The downgrade makes email again from orders.contact.
        migrations.RunSQL(
            ["ALTER TABLE customers DROP COLUMN email"],
            reverse_sql=["ALTER TABLE customers ADD COLUMN email TEXT"],
            state_operations=[
                migrations.RemoveField(model_name="customer", name="email")
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
