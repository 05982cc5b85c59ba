"""Drop items_product_id_fkey from items

Plan     drop-items · switch · 2 of 3
Deploy   when nothing uses items any more
Up       ACCESS EXCLUSIVE on products and items, < 10 ms, waits at most 2 s
Down     SHARE ROW EXCLUSIVE on products and items, < 10 ms, waits at most 2 s · lossless until a
         row of products is deleted to which one of items points
Models   Item: product = models.ForeignKey(to="app.product", on_delete=models.PROTECT,
         db_constraint=False)
"""

from django.db import migrations, models


def drop_constraint(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE items DROP CONSTRAINT items_product_id_fkey")


def lock_tables_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT child.id
            FROM items AS child
            WHERE child.product_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM products AS parent WHERE parent.id = child.product_id)
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "rows of items point to rows of products that do not exist"
            )
        cursor.execute("LOCK TABLE products, items IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("""
            ALTER TABLE items
                ADD CONSTRAINT items_product_id_fkey
                FOREIGN KEY (product_id) REFERENCES products (id) NOT VALID
        """)


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_prove_items_product_id_fkey_on_the_way_back"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "LOCK TABLE products, items IN ACCESS EXCLUSIVE MODE",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(drop_constraint, lock_tables_back)
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="item",
                    name="product",
                    field=models.ForeignKey(
                        to="app.product", on_delete=models.PROTECT, db_constraint=False
                    ),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
