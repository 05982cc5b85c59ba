"""Create invoices

Plan     create-table-invoices · expand · 1 of 1
Deploy   before the deploy of the code that uses invoices
Up       RESERVED on invoices, < 10 ms, waits at most 2 s
Down     EXCLUSIVE on invoices, < 10 ms, waits at most 2 s · lossless until invoices is written
State    the table invoices stays outside of the models: Django has no words for the type numeric of
         total
"""

from django.db import migrations


def create_table(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            CREATE TABLE invoices (
                id integer NOT NULL,
                customer_id integer NOT NULL,
                number varchar(20) NOT NULL,
                total numeric NOT NULL DEFAULT 0,
                sent_at timestamp DEFAULT CURRENT_TIMESTAMP,
                paid_at timestamp,
                CONSTRAINT invoices_pkey PRIMARY KEY (id),
                CONSTRAINT invoices_number_key UNIQUE (number),
                CONSTRAINT ck_invoices_paid CHECK (paid_at >= sent_at),
                CONSTRAINT invoices_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id)
            )
        """)
        cursor.execute("""
            CREATE INDEX ix_invoices_sent_at ON invoices (sent_at DESC) WHERE paid_at IS NULL
        """)
        cursor.execute("CREATE INDEX ix_invoices_customer_id ON invoices (customer_id)")


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
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(create_table, drop_table_back),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
