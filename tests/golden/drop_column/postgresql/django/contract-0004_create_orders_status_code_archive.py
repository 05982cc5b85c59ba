"""Create orders_status_code_archive

Plan     drop-orders-status-code · contract · 4 of 7
Deploy   a release later, when no running instance names orders.status_code
Up       no lock
Down     ACCESS EXCLUSIVE on orders_status_code_archive, < 10 ms, waits at most 2 s · lossless
Models   OrdersStatusCodeArchive: id = models.BigIntegerField(primary_key=True, serialize=False)
Models   OrdersStatusCodeArchive: status_code = models.CharField(max_length=20, null=True,
         blank=True)
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0003_drop_the_checks_of_orders_status_code"),
    ]

    operations = [
        migrations.RunSQL(
            """
                CREATE TABLE orders_status_code_archive (
                    id bigint NOT NULL,
                    status_code varchar(20),
                    CONSTRAINT orders_status_code_archive_pkey PRIMARY KEY (id)
                )
            """,
            reverse_sql="DROP TABLE orders_status_code_archive",
            state_operations=[
                migrations.CreateModel(
                    name="OrdersStatusCodeArchive",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(primary_key=True, serialize=False),
                        ),
                        (
                            "status_code",
                            models.CharField(max_length=20, null=True, blank=True),
                        ),
                    ],
                    options={"db_table": "orders_status_code_archive"},
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
