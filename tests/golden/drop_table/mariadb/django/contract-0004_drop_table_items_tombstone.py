"""Drop table items_tombstone

Plan     drop-items · contract · 1 of 1
Deploy   a release later, when nobody has missed items
Up       metadata lock on items_tombstone, < 10 ms, waits at most 2 s
Down     no lock · structure only: items_tombstone comes back empty: its rows are gone
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0003_rename_items_to_items_tombstone"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            ["DROP TABLE items_tombstone"],
            reverse_sql=[
                """
                    CREATE TABLE items_tombstone (
                        id bigint(20) NOT NULL AUTO_INCREMENT,
                        product_id bigint(20) NOT NULL,
                        delivery enum('pending','sent','lost') NOT NULL DEFAULT 'pending',
                        amount integer NOT NULL COMMENT 'How many of it',
                        PRIMARY KEY (id),
                        CONSTRAINT ck_items_amount CHECK (amount > 0),
                        INDEX ix_items_product_id (product_id),
                        INDEX ix_items_delivery (delivery)
                    ) ENGINE=InnoDB COMMENT='What was ordered'
                """,
            ],
        ),
    ]
