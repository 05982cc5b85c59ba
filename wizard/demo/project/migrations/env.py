"""How Alembic reaches the shop's database: DATABASE_URL, from the environment or the .env file."""

import os
from logging.config import fileConfig
from pathlib import Path

from alembic import context
from models import Base
from sqlalchemy import create_engine, pool

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name, disable_existing_loggers=False)

target_metadata = Base.metadata


def database_url() -> str:
    """Return the URL from the environment, or else from the project's .env file."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    dotenv = Path(__file__).parent.parent / ".env"
    for line in dotenv.read_text().splitlines() if dotenv.exists() else ():
        name, _, value = line.partition("=")
        if name.strip() == "DATABASE_URL":
            return value.strip().strip("\"'")
    raise SystemExit("DATABASE_URL is neither in the environment nor in .env")


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Leave the partitions of events to the database: the models know their parent only."""
    return not (kind == "table" and name is not None and name.startswith("events_"))


def run_migrations_offline() -> None:
    """Write the SQL instead of running it."""
    context.configure(
        url=database_url(),
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    """Run the migrations, each in a transaction of its own."""
    engine = create_engine(database_url(), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            include_name=include_name,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
