"""A sample shop with a real Alembic history, to try migwiz on without a database of one's own."""
