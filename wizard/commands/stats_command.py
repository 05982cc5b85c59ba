"""``migwiz stats``: production's size without access to production."""

from __future__ import annotations

import sys

import click

from wizard.model.errors import AnswerError


@click.command("stats", help="Print a query for production's size, or read its result.")
@click.option("--table", required=True, help="The table, as schema.table or table.")
@click.option("--dialect", default="postgresql", help="postgresql, mysql, mariadb or sqlite.")
@click.option("--sql", is_flag=True, help="Print the query (the default).")
@click.option("--read", "pasted", is_flag=True, help="Read the query's result from stdin.")
def COMMAND(table: str, dialect: str, sql: bool, pasted: bool) -> int:
    """Print the query, or the flags that its result means."""
    from wizard.database.statistics import read_pasted, statistics_sql
    from wizard.model.names import parse_table_name

    if sql and pasted:
        raise AnswerError("bad-answer", "--sql and --read exclude each other", flag="--read")
    if pasted:
        rows, size = read_pasted(sys.stdin.read())
        words = [f"--rows {rows}"] if rows is not None else []
        words += [f"--bytes {size}"] if size is not None else []
        sys.stdout.write(" ".join(words) + "\n")
        return 0
    try:
        name = parse_table_name(table)
    except ValueError as error:
        raise AnswerError("bad-answer", str(error), flag="--table") from None
    sys.stdout.write(statistics_sql(dialect, name) + "\n")
    return 0
