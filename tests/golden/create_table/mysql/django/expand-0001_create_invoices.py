"""Create invoices

Plan     create-table-invoices · expand · 1 of 1
Deploy   before the deploy of the code that uses invoices
Up       metadata lock on customers, < 10 ms, waits at most 2 s
Down     metadata lock on invoices and customers, < 10 ms, waits at most 2 s · lossless until
         invoices is written
State    the table invoices stays outside of the models: Django has no words for the type datetime
         of sent_at
"""

from django.db import migrations


def create_table(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            CREATE TABLE invoices (
                id bigint NOT NULL AUTO_INCREMENT,
                customer_id bigint NOT NULL,
                number varchar(20) NOT NULL,
                total decimal(10,2) NOT NULL DEFAULT 0,
                sent_at datetime NULL DEFAULT CURRENT_TIMESTAMP,
                paid_at datetime NULL DEFAULT NULL,
                PRIMARY KEY (id),
                CONSTRAINT invoices_number_key UNIQUE (number),
                CONSTRAINT ck_invoices_paid CHECK (paid_at >= sent_at),
                CONSTRAINT invoices_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
                INDEX ix_invoices_sent_at (sent_at DESC),
                INDEX ix_invoices_customer_id (customer_id)
            )
        """)


def drop_table_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM invoices LIMIT 1")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "invoices holds rows, which the way back would lose: delete them first "
                "if they may go"
            )
        cursor.execute("DROP TABLE invoices")


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(create_table, drop_table_back),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
