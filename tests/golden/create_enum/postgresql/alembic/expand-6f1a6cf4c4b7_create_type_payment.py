"""create type payment

Plan     create-type-payment · expand · 1 of 1
Deploy   before the deploy of the code that uses payment
Up       no lock
Down     no lock · lossless

Revision ID: 6f1a6cf4c4b7
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "6f1a6cf4c4b7"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("CREATE TYPE payment AS ENUM ('open', 'paid', 'refunded')")


def downgrade() -> None:
    op.execute("DROP TYPE payment")
