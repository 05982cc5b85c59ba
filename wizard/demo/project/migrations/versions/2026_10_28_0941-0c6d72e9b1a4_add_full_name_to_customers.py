"""add full_name to customers

Revision ID: 0c6d72e9b1a4
Revises: 5ae81f47c9d6
Create Date: 2026-10-28 09:41:12.085546+00:00

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0c6d72e9b1a4"
down_revision: str | None = "5ae81f47c9d6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("full_name", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("customers", "full_name")
