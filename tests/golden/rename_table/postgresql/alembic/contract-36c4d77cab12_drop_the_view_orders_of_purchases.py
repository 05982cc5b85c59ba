"""drop the view orders of purchases

Plan     rename-orders-to-purchases · contract · 1 of 1
Deploy   a release later, when nothing says orders any more
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS SHARE on purchases: reads and writes go on · lossless

Revision ID: 36c4d77cab12
Revises: 0f0e346572f1
Create Date: 2026-11-23 10:22:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "36c4d77cab12"
down_revision: Union[str, Sequence[str], None] = "0f0e346572f1"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("DROP VIEW orders")


def downgrade() -> None:
    # Ends the transaction of the migrations before this one in the run.
    # Their locks would be held while this one waits for its own.
    with op.get_context().autocommit_block():
        pass

    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("""
        CREATE VIEW orders WITH (security_invoker = true) AS
        SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
        FROM purchases
    """)
    op.execute("""
        DO $migwiz$
        DECLARE
            base regclass := 'purchases';
            item record;
        BEGIN
            IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = base AND attacl IS NOT NULL) THEN
                RAISE EXCEPTION USING
                    MESSAGE = 'purchases has privileges on single columns, which a view cannot keep: map the name in the application instead',
                    ERRCODE = 'feature_not_supported';
            END IF;
            EXECUTE format('ALTER VIEW %s OWNER TO %I', 'orders',
                (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = base));
            FOR item IN
                SELECT a.privilege_type, a.grantee, a.is_grantable, '' AS columns
                FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = base
            LOOP
                EXECUTE format('GRANT %s%s ON %s TO %s%s',
                    item.privilege_type, item.columns, 'orders',
                    CASE item.grantee WHEN 0 THEN 'PUBLIC'
                    ELSE quote_ident(pg_get_userbyid(item.grantee)) END,
                    CASE WHEN item.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
            END LOOP;
        END
        $migwiz$
    """)
