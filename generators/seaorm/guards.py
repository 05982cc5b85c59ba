"""What stops before it acts: requirements, and index builds that may be repeated."""

from __future__ import annotations

from collections.abc import Sequence

from generators.seaorm.rust import INDENT, Node, call, chain, indented, sentence, statement, string
from generators.seaorm.sqltext import broken, literal
from generators.seaorm.words import Writer
from wizard.model.steps import Require


def query(sql: str, writer: Writer, *, indent: int, many: bool = False) -> Node:
    """Return the call that asks a query without parameters; a row, or rows when ``many``."""
    sql = broken(sql, writer.dialect)
    depth = indent + 2 * INDENT
    asked = call(
        "Statement::from_string",
        "db.get_database_backend()",
        literal(sql, writer.dialect, indent=depth),
    )
    method = ("query_all" if many else "query_one") + ("_raw" if writer.modern else "")
    return chain("db", call(method, asked), "await?")


def refuse(message: str, *, indent: int) -> list[str]:
    """Return the statement that ends a migration with a message, which nothing follows."""
    text = chain(sentence(message, indent=indent + INDENT), call("to_owned"))
    node = call("Err", call("DbErr::Migration", text))
    return statement(node, indent=indent, before="return ", after=";")


def requirement(step: Require, writer: Writer, *, indent: int) -> list[str]:
    """Return lines that end the migration with the message when the query finds a row."""
    sql = step.query.strip().removesuffix(";")
    if not step.named:
        asked = query(sql, writer, indent=indent)
        return [
            *statement(asked, indent=indent, before="let offending = "),
            "if offending.is_some() {",
            *indented(refuse(step.message, indent=indent + INDENT), INDENT),
            "}",
        ]
    asked = query(sql, writer, indent=indent, many=True)
    start = string(" ".join(step.message.split()) + ": ")
    return [
        "let mut names: Vec<String> = Vec::new();",
        *statement(asked, indent=indent, before="for row in ", after=" {"),
        "    names.push(row.try_get_by_index(0)?);",
        "}",
        "if !names.is_empty() {",
        f"    let message = {start}.to_owned();",
        '    return Err(DbErr::Migration(message + &names.join(", ")));',
        "}",
    ]


def state(sql: str, writer: Writer, *, indent: int, name: str = "state") -> list[str]:
    """Return lines that put an index's state into a variable."""
    text = literal(sql, writer.dialect, indent=indent + INDENT)
    asked = chain(call("index_state", "manager", text), "await?")
    return statement(asked, indent=indent, before=f"let {name} = ")


def state_function(writer: Writer) -> list[str]:
    """Return the function that asks for the state of an index."""
    method = "query_one_raw" if writer.modern else "query_one"
    return [
        "",
        '/// Returns "absent", "invalid", "valid" or "different", by the definition of the index.',
        "async fn index_state(manager: &SchemaManager<'_>, query: &str) -> Result<String, DbErr> {",
        "    let db = manager.get_connection();",
        "    let query = Statement::from_string(db.get_database_backend(), query);",
        f"    match db.{method}(query).await? {{",
        "        Some(row) => row.try_get_by_index(0),",
        '        None => Ok("absent".to_owned()),',
        "    }",
        "}",
    ]


def matched(arms: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """Return a match on a state; an arm without lines does nothing."""
    lines = ["match state.as_str() {"]
    for pattern, body in arms:
        if body:
            lines += [f"    {pattern} => {{", *indented(body, 2 * INDENT), "    }"]
        else:
            lines.append(f"    {pattern} => {{}}")
    return [*lines, "}"]
