from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import odd_steps
import pytest
import sqlalchemy as sa
from alembic_kit import (
    CUSTOMERS,
    GENERIC,
    NOW,
    ORDERS,
    detected,
    job,
    migration,
    postgresql,
    project_files,
    put,
    version_file,
    write,
)
from sqlalchemy.dialects import postgresql as pg

from generators.alembic import GENERATOR
from generators.alembic.types import type_form
from generators.python.code import Quotes, flat
from generators.python.text import escape
from wizard.dialects import dialect
from wizard.model.errors import ConflictError
from wizard.model.inverse import change
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    NotNull,
    PrimaryKey,
    Table,
    Unique,
)
from wizard.model.steps import (
    STEP_TYPES,
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddNotNull,
    AddUnique,
    Assignment,
    Backfill,
    CreateShadowView,
    CreateSync,
    DeleteRows,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropNotNull,
    DropShadowView,
    DropSync,
    Impossible,
    LockTables,
    Nothing,
    RebuildTable,
    RenameColumn,
    RenameTable,
    Require,
    SetDefault,
    SetNotNull,
    ShadowView,
    Step,
    SwapColumns,
    Sync,
    ValidateConstraint,
)

ODD = TableName('we"ird table', "sche'ma")
COLUMN = Column(name='co"l', type="character varying(20)", default="'it''s 100% \\'")
INDEX = Index(name="ix", parts=(IndexPart(column='co"l'), IndexPart(expression='lower(\'"""\')')))
KEY = ForeignKey(
    columns=("a", "b"), ref_table=ODD, ref_columns=("c", "d"), name="fk", on_update="set null"
)
CHECK = Check(name="ck", expression='a <> \'""" \n :x\'')
UNIQUE = Unique(columns=("a",), name="uq")
SYNC = Sync(name="sync", table=ODD, old="a", new="b")
VIEW = ShadowView(table=ODD, base="base", columns=("a",), old="a", new="b")
TABLE = Table(name=ODD, columns=(COLUMN,), sql="CREATE TABLE x (a)")
STEPS: tuple[Step, ...] = (
    AddColumn(table=ODD, column=COLUMN),
    AddColumn(table=ODD, column=replace(COLUMN, type="geometry(Point,4326)")),
    DropColumn(table=ODD, column=COLUMN),
    SetDefault(table=ODD, column=COLUMN, default=None),
    SetDefault(table=ODD, column=COLUMN, default="now()"),
    SetNotNull(table=ODD, column=COLUMN),
    DropNotNull(table=ODD, column=COLUMN),
    RenameColumn(table=ODD, old="a", new="b"),
    RenameTable(table=ODD, new="new"),
    AddIndex(table=ODD, index=INDEX),
    AddIndex(table=ODD, index=INDEX, concurrently=True),
    DropIndex(table=ODD, index=INDEX),
    DropIndex(table=ODD, index=INDEX, concurrently=True),
    AddForeignKey(table=ODD, constraint=KEY),
    AddCheck(table=ODD, constraint=CHECK),
    AddNotNull(table=ODD, constraint=NotNull(name="nn", column="a")),
    AddUnique(table=ODD, constraint=UNIQUE),
    AddUnique(table=ODD, constraint=UNIQUE, using=INDEX),
    ValidateConstraint(table=ODD, constraint=KEY),
    *(
        DropConstraint(table=ODD, constraint=one)
        for one in (KEY, CHECK, UNIQUE, NotNull(name="nn", column="a"),
                    PrimaryKey(name="pk", columns=("a",)), Exclusion(name="ex", definition="x"))
    ),
    DropConstraint(table=ODD, constraint=UNIQUE, leaves=INDEX),
    DropConstraint(table=ODD, constraint=UNIQUE, leaves=replace(INDEX, name="uq")),
    CreateSync(sync=SYNC),
    DropSync(sync=SYNC),
    CreateShadowView(view=VIEW),
    DropShadowView(view=VIEW),
    *(
        Backfill(table=ODD, assignments=(Assignment(column="a", expression="':size \"\"\"' || b"),),
                 needed="a IS NULL", key=key, key_types=types)
        for key, types in ((("id",), ("bigint",)), (("a", "b"), ("uuid", "text")), ((), ()))
    ),
    DeleteRows(table=ODD, needed="a = ':x'", key=("id",), key_types=("uuid",)),
    Require(query="SELECT 1 WHERE ':x' = '\"\"\"'", message='no "way" \\ ' * 9, table=ODD),
    LockTables(tables=(ODD, ORDERS), mode="access exclusive"),
    RebuildTable(before=TABLE, after=replace(TABLE, columns=(COLUMN, Column(name="b", type="text")))),
    Nothing(reason='nothing """ \\'),
    Impossible(reason='never """ \\' + " because" * 30),
    *odd_steps.STEPS,
)  # fmt: skip
ENGINES = {
    "pg18": postgresql((18,)),
    "pg12": postgresql((12,)),
    "sqlite": dialect("sqlite", (3, 40)),
}


def test_every_step_is_among_the_examples() -> None:
    assert {type(step) for step in STEPS} == set(STEP_TYPES)


SUPPORTED = [
    pytest.param(step, engine, id=f"{type(step).__name__}-{engine}")
    for step in STEPS
    for engine, used in ENGINES.items()
    if not used.supports(step)  # type: ignore[attr-defined]
]


@pytest.mark.parametrize(("step", "engine"), SUPPORTED)
@pytest.mark.parametrize("mark", ["'", '"'])
def test_every_step_compiles_in_both_directions(
    tmp_path: Path, step: Step, engine: str, mark: str
) -> None:
    used = ENGINES[engine]
    project = detected(project_files(tmp_path))
    project = replace(project, options={**project.options, "quote": mark, "width": "79"})
    one = migration("a step", change(step, undo=(step,)), budget=2_000)
    (edit,) = GENERATOR.render(project, job(one, engine=used))
    GENERATOR.check((edit,), used)
    for source in (edit.up, edit.down):
        ast.parse(source)
    assert edit.down.startswith("def downgrade")
    long = [
        line
        for number, line in enumerate(edit.content.splitlines(), start=1)
        if len(line) > 79 and number not in _strings(edit.content)
    ]
    assert long == []


def _strings(source: str) -> set[int]:
    """Return the lines on which there is a text that nobody may break."""
    found: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            start, end = node.lineno, node.end_lineno or node.lineno
            if end > start or len(node.value) > 55:
                found.update(range(start, end + 1))
    return found


def test_refusals_of_check(tmp_path: Path) -> None:
    project = detected(project_files(tmp_path))
    (edit,) = GENERATOR.render(project, job(migration("x", Nothing(reason="n"))))
    GENERATOR.check((edit,), postgresql())
    for content, said in (
        (edit.content + "def (", "not valid Python"),
        (edit.content.replace("def downgrade", "def back"), "no downgrade"),
        (edit.content + "\n", "one line end"),
        (edit.content + "x = '${left}'\n", "template syntax"),
    ):
        with pytest.raises(AssertionError, match=said):
            GENERATOR.check((replace(edit, content=content),), postgresql())


def test_an_added_column_reads_as_written_by_hand(tmp_path: Path) -> None:
    column = Column(
        name="currency",
        type="character varying(3)",
        nullable=False,
        default="'EUR'::character varying",
    )
    root = project_files(tmp_path)
    write(root / "pyproject.toml", "[tool.ruff]\nline-length = 100\n")
    (edit,) = GENERATOR.render(
        detected(root),
        job(migration("add currency", AddColumn(table=ORDERS, column=column), budget=2_000)),
    )
    assert (
        "    op.execute(\"SET LOCAL lock_timeout = '2s'\")\n"
        "    op.add_column(\n"
        '        "orders", '
        'sa.Column("currency", sa.String(length=3), server_default="EUR", nullable=False)\n'
        "    )\n"
    ) in edit.up
    assert edit.title == "add currency"
    assert edit.language == "python"
    assert edit.phase == "expand"


def test_each_migration_alone_needs_no_new_transaction(tmp_path: Path) -> None:
    add = migration("add", AddColumn(table=ORDERS, column=COLUMN), budget=2_000)
    each = detected(project_files(tmp_path / "a", env=", transaction_per_migration=True"))
    whole = detected(project_files(tmp_path / "b"))
    assert "autocommit_block" not in GENERATOR.render(each, job(add))[0].content
    assert GENERATOR.render(whole, job(add))[0].content.count("autocommit_block") == 2
    sqlite = ENGINES["sqlite"]
    assert "autocommit_block" not in GENERATOR.render(whole, job(add, engine=sqlite))[0].content


def test_the_budget_is_set_anew_behind_a_block(tmp_path: Path) -> None:
    check = Check(name="ck", expression="a > 0", validated=False)
    steps = (
        ValidateConstraint(table=ORDERS, constraint=check),
        SetNotNull(table=ORDERS, column=COLUMN),
    )
    (edit,) = GENERATOR.render(
        detected(project_files(tmp_path)), job(migration("x", *steps, budget=1_500))
    )
    block, budget = edit.up.index("autocommit_block"), edit.up.index("SET LOCAL lock_timeout")
    assert block < edit.up.index("VALIDATE") < budget < edit.up.index("op.alter_column")
    assert edit.up.count("SET LOCAL") == 1


def test_a_function_without_statements_still_has_a_body(tmp_path: Path) -> None:
    lock = migration("lock", LockTables(tables=(ORDERS,), mode="access exclusive"))
    sqlite = ENGINES["sqlite"]
    (edit,) = GENERATOR.render(detected(project_files(tmp_path)), job(lock, engine=sqlite))
    GENERATOR.check((edit,), sqlite)
    assert '"""Nothing to do."""' in edit.up


def test_quotes_follow_the_newest_files(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    version = version_file(root / "migrations/versions", "abcdefabcdef", None, mark='"')
    version.write_text(version.read_text().replace("pass", "op.drop_index('a', 'b')", 1))
    step = DropColumn(table=ORDERS, column=Column(name="a", type="text"))
    (edit,) = GENERATOR.render(detected(root), job(migration("x", step)))
    assert "op.drop_column('orders', 'a')" in edit.content
    assert 'down_revision: Union[str, Sequence[str], None] = "abcdefabcdef"' in edit.content


def test_index_names_are_marked_where_the_project_does(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    version = version_file(root / "migrations/versions", "abcdefabcdef", None)
    version.write_text(
        version.read_text().replace("pass", 'op.create_index(op.f("a"), "b", ["c"])', 1)
    )
    step = AddIndex(table=ORDERS, index=Index(name="ix", parts=(IndexPart(column="a"),)))
    (edit,) = GENERATOR.render(detected(root), job(migration("x", step)))
    assert 'op.create_index(op.f("ix"), "orders", ["a"])' in edit.content


def test_imports_are_sorted_and_no_more_than_needed(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    column = AddColumn(table=ORDERS, column=Column(name="data", type="jsonb"))
    fill = next(one for one in STEPS if isinstance(one, Backfill) and one.key)
    first, second = GENERATOR.render(
        detected(root), job(migration("a", column), migration("b", fill, kind="data"))
    )
    assert (
        "from typing import Sequence, Union\n\nfrom alembic import op\nimport sqlalchemy as sa\n"
        "from sqlalchemy.dialects import postgresql\n"
    ) in first.content
    assert "import logging\nimport time\nfrom typing import Sequence, Union\n" in second.content
    assert "postgresql" not in second.content.split("def upgrade")[0].replace("postgresql_", "")


def test_the_layout_is_the_formatters_own(tmp_path: Path) -> None:
    root = project_files(
        tmp_path, template=GENERIC.read_text().replace('\n\n"""\nfrom', '\n\n"""\n\nfrom')
    )
    steps = [
        one
        for one in STEPS
        if not postgresql().supports(one)  # type: ignore[attr-defined]
        and not isinstance(one, Impossible)
    ]
    # Long and awkward names break lines where no formatter would.
    plain = [
        replace(one, table=ORDERS)
        if isinstance(getattr(one, "table", None), TableName) and not isinstance(one, SwapColumns)
        else one
        for one in steps
    ]
    edits = GENERATOR.render(
        detected(root),
        job(*(migration(f"step {number}", change(one, undo=(one,)), budget=2_000)
              for number, one in enumerate(plain))),
    )  # fmt: skip
    wanted = {edit.path.name: edit for edit in edits}
    put(edits)
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache",
         "--config", "format.quote-style='preserve'", "--diff", "."],
        cwd=root / "migrations/versions", capture_output=True, text=True, check=False,
    )  # fmt: skip
    changed = [
        line
        for line in done.stdout.splitlines()
        if line.startswith(("+", "-")) and not line.startswith(("+++", "---"))
    ]
    assert wanted
    # The template's own empty line behind the imports, and nothing of ours.
    assert {line.strip() for line in changed} <= {"-", "+", "+Revises:", "-Revises:"}, done.stdout


def test_offline_preview_without_a_project(tmp_path: Path) -> None:
    project = GENERATOR.imagine(tmp_path, postgresql())
    (edit,) = GENERATOR.render(
        project, job(migration("add", AddColumn(table=ORDERS, column=COLUMN)))
    )
    assert edit.path.parent == tmp_path.resolve() / "alembic/versions"
    assert edit.path.name == f"{edit.revision}_add.py"
    assert f'revision: str = "{edit.revision}"' in edit.content
    assert GENERATOR.commands(project, (edit,)).revert == "alembic downgrade base"
    GENERATOR.check((edit,), postgresql())


def test_commands_name_the_first_and_last(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    version_file(root / "migrations/versions", "abcdefabcdef", None)
    project = detected(root)
    first = GENERATOR.render(
        project, job(migration("a", Nothing(reason="n")), migration("b", Nothing(reason="n")))
    )
    commands = GENERATOR.commands(project, first)
    assert commands.apply == f"alembic upgrade {first[1].revision}"
    assert commands.revert == "alembic downgrade abcdefabcdef"
    later = GENERATOR.render(project, job(migration("c", Nothing(reason="n")), after=first, seed=3))
    assert GENERATOR.commands(project, later).revert == f"alembic downgrade {first[1].revision}"


def test_locks_of_the_environment_are_noted_in_index_files(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    env = root / "migrations/env.py"
    env.write_text(
        env.read_text() + "q = 'SELECT pg_advisory_lock(1)'; s = 'SET lock_timeout = 1'\n"
    )
    index = AddIndex(table=ORDERS, index=INDEX, concurrently=True)
    column = AddColumn(table=ORDERS, column=COLUMN)
    one, other = GENERATOR.render(
        detected(root), job(migration("a", index, transactional=False), migration("b", column))
    )
    assert one.content.count("Note     env.py") == 2
    assert "Note" not in other.content


TYPES = {
    "character varying(3)": "VARCHAR(3)", "character varying": "VARCHAR", "text": "TEXT",
    "character(2)": "CHAR(2)", "character": "CHAR(1)", "integer": "INTEGER", "bigint": "BIGINT",
    "smallint": "SMALLINT", "boolean": "BOOLEAN", "real": "REAL",
    "double precision": "DOUBLE PRECISION", "numeric": "NUMERIC", "numeric(10)": "NUMERIC(10)",
    "numeric(10,2)": "NUMERIC(10, 2)", "date": "DATE", "bytea": "BYTEA", "uuid": "UUID",
    "interval": "INTERVAL", "json": "JSON", "jsonb": "JSONB", "citext": "CITEXT", "inet": "INET",
    "tstzrange": "TSTZRANGE", "timestamp with time zone": "TIMESTAMP WITH TIME ZONE",
    "timestamp without time zone": "TIMESTAMP WITHOUT TIME ZONE",
    "timestamp(3) with time zone": "TIMESTAMP(3) WITH TIME ZONE",
    "time without time zone": "TIME WITHOUT TIME ZONE", "time(0) with time zone": "TIME(0) WITH TIME ZONE",
    "text[]": "TEXT[]", "numeric(10,2)[][]": "NUMERIC(10, 2)[][]", "bit varying(5)": "BIT VARYING(5)",
    "bit(3)": "BIT(3)", "mood": "mood", 'app."Mood"': 'app."Mood"', "app.mood[]": "app.mood[]",
    "timestamptz": "TIMESTAMP WITH TIME ZONE", "int8": "BIGINT", "tsvector": "TSVECTOR",
}  # fmt: skip


@pytest.mark.parametrize("written", TYPES)
def test_types_compile_to_what_was_asked(written: str) -> None:
    form = type_form(written, dialect="postgresql", quotes=Quotes())
    assert form is not None
    made = eval(flat(form.node), {"sa": sa, "postgresql": pg})
    assert made.compile(dialect=pg.dialect()) == TYPES[written]
    assert form.postgresql == ("postgresql." in flat(form.node))


@pytest.mark.parametrize(
    "written",
    ["point", "geometry(Point,4326)", "vector(3)", "interval day", "int4(3)", "xml", "a b c"],
)
def test_types_without_a_word_are_left_to_sql(written: str) -> None:
    assert type_form(written, dialect="postgresql", quotes=Quotes()) is None
    assert type_form("uuid[]", dialect="sqlite", quotes=Quotes()) is None


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT ':x'", "SELECT a::text, ':x:y', '12:30', ':a b'", "SELECT '\\:x', '\\', E'\\\\:y'",
        "SELECT arr[1:2], arr[:n], '::x'", "SELECT '100%', '%s', '%(x)s'", "SELECT 'ä:ö :ü'",
    ],
)  # fmt: skip
def test_escaped_text_reaches_the_server_as_it_was(sql: str) -> None:
    clause = sa.text(escape(sql))
    assert not clause._bindparams
    assert str(clause.compile(dialect=pg.dialect(paramstyle="named"))).replace("%%", "%") == sql


def test_a_string_with_a_line_end_is_not_moved(tmp_path: Path) -> None:
    query = "SELECT 1\nFROM orders WHERE note = 'one\n    two'"
    (edit,) = GENERATOR.render(
        detected(project_files(tmp_path)),
        job(migration("x", Require(query=query, message="m", table=ORDERS))),
    )
    texts = [
        node.value for node in ast.walk(ast.parse(edit.content)) if isinstance(node, ast.Constant)
    ]
    assert query in texts


def test_the_parent_is_what_was_planned_before(tmp_path: Path) -> None:
    project = detected(project_files(tmp_path))
    first = GENERATOR.render(project, job(migration("a", Nothing(reason="n"))))
    second = GENERATOR.render(
        project, job(migration("b", Nothing(reason="n")), after=first, seed=2)
    )
    assert f"Revises: {first[0].revision}\n" in second[0].content
    assert first[0].path != second[0].path
    assert CUSTOMERS != ORDERS


def test_twenty_milliseconds_are_not_spent_on_compiling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The template is compiled once, however many files it yields; time itself is not tested."""
    import mako.template

    made: list[object] = []
    real = mako.template.Template

    def counted(*args, **kwargs):  # type: ignore[no-untyped-def]
        made.append(args)
        return real(*args, **kwargs)

    monkeypatch.setattr(mako.template, "Template", counted)
    own = GENERIC.read_text() + f"\n## {NOW}\n"
    project = detected(project_files(tmp_path, template=own))
    for seed in range(3):
        GENERATOR.render(project, job(migration("a", Nothing(reason="n")), seed=seed))
    assert len(made) == 1


def test_two_heads_are_refused_whatever_is_rendered(tmp_path: Path) -> None:
    project = replace(detected(project_files(tmp_path)), heads=("a", "b"))
    with pytest.raises(ConflictError, match="a, b"):
        GENERATOR.render(project, job())
