"""create events, partitioned by quarter

Revision ID: e6018a7d4c2b
Revises: 2b94f6c8d013
Create Date: 2025-12-15 16:21:58.330671+00:00

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "e6018a7d4c2b"
down_revision: str | None = "2b94f6c8d013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


PARTITIONS = {
    "events_2026q1": ("2026-01-01", "2026-04-01"),
    "events_2026q2": ("2026-04-01", "2026-07-01"),
    "events_2026q3": ("2026-07-01", "2026-10-01"),
    "events_2026q4": ("2026-10-01", "2027-01-01"),
}


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column(
            "payload",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", "occurred_at", name=op.f("pk_events")),
        postgresql_partition_by="RANGE (occurred_at)",
    )
    for name, (start, end) in PARTITIONS.items():
        op.execute(
            f"CREATE TABLE {name} PARTITION OF events"
            f" FOR VALUES FROM ('{start} 00:00+00') TO ('{end} 00:00+00')"
        )


def downgrade() -> None:
    op.drop_table("events")
