"""A table's size in production: one query to run there, and reading what came back."""

from __future__ import annotations

import re

from wizard.database.mysql_queries import FRESH_STATISTICS
from wizard.dialects.mysql_family.words import literal
from wizard.model.errors import AnswerError
from wizard.model.names import TableName


def statistics_sql(dialect: str, table: TableName) -> str:
    """Return one read-only query of one row, ``rows`` and ``bytes``, without counting any row.

    On MySQL a setting of the session stands before it, for figures that are not of yesterday.
    Raises AnswerError (`dialect-not-supported`).
    """
    if dialect == "postgresql":
        place = ".".join(_quoted(part) for part in (table.schema, table.name) if part)
        relation = _text(place)
        return f"""\
WITH RECURSIVE tree(oid) AS (
  SELECT {relation}::regclass::oid
  UNION ALL
  SELECT i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid
)
SELECT sum(CASE WHEN c.reltuples > 0 THEN c.reltuples
                ELSE pg_stat_get_live_tuples(c.oid) END)::bigint AS rows,
       sum(pg_table_size(c.oid))::bigint AS bytes
FROM tree t JOIN pg_class c ON c.oid = t.oid WHERE c.relkind <> 'p'"""
    if dialect in ("mysql", "mariadb"):
        schema = literal(table.schema) if table.schema else "database()"
        fresh = FRESH_STATISTICS + ";\n" if dialect == "mysql" else ""
        return (
            f"{fresh}SELECT table_rows AS `rows`, data_length + index_length AS `bytes`\n"
            f"FROM information_schema.tables\n"
            f"WHERE table_schema = {schema} AND table_name = {literal(table.name)}"
        )
    if dialect == "sqlite":
        # Only the largest rowid and the page count: SQLite keeps no cheaper figures everywhere.
        return (
            f'SELECT coalesce(max(rowid), 0) AS "rows",\n'
            f"       (SELECT page_count FROM pragma_page_count)\n"
            f'       * (SELECT page_size FROM pragma_page_size) AS "bytes"\n'
            f"FROM {_quoted(table.name)}"
        )
    raise AnswerError(
        "dialect-not-supported",
        f"there is no statistics query for {dialect!r}",
        next_actions=("give the size with --rows",),
        flag="--rows",
    )


def read_pasted(text: str) -> tuple[int, int | None]:
    """Read rows and bytes out of what a database tool printed; bytes may be missing.

    Understands the tables of psql (aligned, unaligned, expanded) and of mysql (also with \\G), CSV
    with or without a heading, Markdown, and bare numbers. Raises AnswerError (`bad-statistics`).
    """
    named: dict[str, int] = {}
    bare: list[int] = []
    heading: list[str] = []
    for line in text.strip().splitlines():
        # The rulers of the tools and their "(1 row)" or "1 row in set" say nothing.
        if re.fullmatch(r"[\s\-+|=:─│┼]*", line) or re.fullmatch(r"\s*\(\d+ \w+\)\s*", line):
            continue
        if re.match(r"\d+ rows? in set|\*+ \d+\. row \*+", line.strip()):
            continue
        if re.match(r"\s*[-─]\[ ?\w+ \d+ ?\]", line):
            continue
        cells = _cells(line)
        words = [cell.lower().removesuffix(":") for cell in cells]
        if len(cells) == 2 and words[0] in ("rows", "bytes") and _number(cells[1]) is not None:
            named[words[0]] = _number(cells[1]) or 0
        elif any(word in ("rows", "bytes") for word in words):
            heading = words
        else:
            values = [_number(cell) for cell in cells]
            if heading and len(values) == len(heading):
                named.update(
                    {
                        key: value
                        for key, value in zip(heading, values, strict=True)
                        if value is not None
                    }
                )
            else:
                bare += [value for value in values if value is not None]
    rows = named.get("rows", bare[0] if bare else None)
    size = named.get("bytes", bare[1] if len(bare) > 1 else None)
    if rows is None or rows < 0 or (size is not None and size < 0):
        raise AnswerError(
            "bad-statistics",
            "the pasted text does not hold a number of rows",
            why="migwiz looks for the columns rows and bytes, or for one or two numbers",
            next_actions=("paste the whole result of the query", "or give --rows and --bytes"),
            flag="--rows",
        )
    return rows, size


def _cells(line: str) -> list[str]:
    for separator in ("|", "│", "\t", ";"):
        if separator in line:
            cells = [cell.strip().strip('"') for cell in line.split(separator)]
            return [cell for cell in cells if cell]
    quoted = re.findall(r'"([^"]*)"', line)
    if quoted:
        return [cell.strip() for cell in quoted]
    text = line.strip()
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", text):
        return [text]  # one number with separators, not a line of CSV
    return [cell.strip() for cell in text.replace(",", " ").split()]


def _number(cell: str) -> int | None:
    text = cell.strip()
    if re.fullmatch(r"-?\d{1,3}(?:[,_' \u00a0\u202f]\d{3})+", text):
        text = re.sub(r"[^\d-]", "", text)
    if re.fullmatch(r"-?\d+(?:\.0+)?", text):
        return int(text.partition(".")[0])
    if re.fullmatch(r"-?\d+(?:\.\d+)?[eE]\+?\d+", text):
        return int(float(text))
    return None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
