"""Drop status_code from orders

Plan     rename-orders-status-code · contract · 5 of 5
Deploy   a release later, when every running instance uses only status
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: status = models.TextField()   # instead of status_code
Models   Order: Meta.indexes: models.Index(fields=["status", "-created_at"],
         name="ix_orders_status")
Models   Order: Meta.constraints: models.CheckConstraint(condition=~models.Q(status=""),
         name="ck_orders_status_status")
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0013_check_that_status_code_and_status_of_orders_agree"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            """
                ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'new'::character varying
            """,
            reverse_sql="ALTER TABLE orders ALTER COLUMN status DROP DEFAULT",
        ),
        migrations.RunSQL(
            "ALTER TABLE orders ALTER COLUMN status_code DROP DEFAULT",
            reverse_sql="""
                ALTER TABLE orders ALTER COLUMN status_code SET DEFAULT 'new'::character varying
            """,
        ),
        migrations.RunSQL(
            [
                "DROP TRIGGER zz_sync_orders_status_code_status ON orders",
                "DROP FUNCTION zz_sync_orders_status_code_status()",
            ],
            reverse_sql=[
                """
                    CREATE FUNCTION zz_sync_orders_status_code_status() RETURNS trigger LANGUAGE plpgsql AS $migwiz$
                    BEGIN
                        IF TG_OP = 'INSERT' THEN
                            IF NEW.status IS NOT NULL THEN
                                NEW.status_code := NEW.status;
                            ELSE
                                NEW.status := NEW.status_code;
                            END IF;
                        ELSIF NEW.status IS DISTINCT FROM OLD.status THEN
                            NEW.status_code := NEW.status;
                        ELSIF NEW.status_code IS DISTINCT FROM OLD.status_code THEN
                            NEW.status := NEW.status_code;
                        END IF;
                        RETURN NEW;
                    END
                    $migwiz$
                """,
                """
                    CREATE TRIGGER zz_sync_orders_status_code_status
                        BEFORE INSERT OR UPDATE
                        ON orders
                        FOR EACH ROW
                        EXECUTE FUNCTION zz_sync_orders_status_code_status()
                """,
            ],
        ),
        # The downgrade fills status_code again from status.
        migrations.RunSQL(
            "ALTER TABLE orders DROP COLUMN status_code",
            reverse_sql="ALTER TABLE orders ADD COLUMN status_code varchar(20)",
            state_operations=[
                migrations.RenameField(
                    model_name="order", old_name="status_code", new_name="status"
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        fields=["status", "-created_at"], name="ix_orders_status"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=~models.Q(status=""), name="ck_orders_status_status"
                    ),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
