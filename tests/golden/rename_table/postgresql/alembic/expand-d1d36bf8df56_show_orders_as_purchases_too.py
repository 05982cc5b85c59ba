"""show orders as purchases too

Plan     rename-orders-to-purchases · expand · 1 of 1
Deploy   before the deploy of the code that uses purchases
Up       ACCESS SHARE on orders: reads and writes go on
Down     ACCESS EXCLUSIVE on purchases, < 10 ms, waits at most 2 s · lossless

Revision ID: d1d36bf8df56
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "d1d36bf8df56"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("""
        CREATE VIEW purchases WITH (security_invoker = true) AS
        SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
        FROM orders
    """)
    op.execute("""
        DO $migwiz$
        DECLARE
            base regclass := 'orders';
            item record;
        BEGIN
            IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = base AND attacl IS NOT NULL) THEN
                RAISE EXCEPTION USING
                    MESSAGE = 'orders has privileges on single columns, which a view cannot keep: map the name in the application instead',
                    ERRCODE = 'feature_not_supported';
            END IF;
            EXECUTE format('ALTER VIEW %s OWNER TO %I', 'purchases',
                (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = base));
            FOR item IN
                SELECT a.privilege_type, a.grantee, a.is_grantable, '' AS columns
                FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = base
            LOOP
                EXECUTE format('GRANT %s%s ON %s TO %s%s',
                    item.privilege_type, item.columns, 'purchases',
                    CASE item.grantee WHEN 0 THEN 'PUBLIC'
                    ELSE quote_ident(pg_get_userbyid(item.grantee)) END,
                    CASE WHEN item.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
            END LOOP;
        END
        $migwiz$
    """)


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("DROP VIEW purchases")
