"""Whole files of both layouts, from migrations of every shape."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from real_tools import Place, drivers

from generators.base import FileEdit, Job, Project
from generators.sql import GENERATOR
from generators.sql.layouts import layouts
from wizard import writer
from wizard.model.errors import AnswerError, ConflictError
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration
from wizard.model.schema import Check, Column, Index, IndexPart, Table
from wizard.model.steps import (
    AddColumn,
    AddIndex,
    Assignment,
    Backfill,
    DropColumn,
    DropIndex,
    Impossible,
    Nothing,
    RebuildTable,
    Require,
    Step,
    ValidateConstraint,
)

MakeJob = Callable[..., Job]

ORDERS = TableName("orders")
STATUS = Column(name="status", type="text")
INDEX = Index(name="ix_status", parts=(IndexPart(column="status"),))
ADD = AddColumn(table=ORDERS, column=STATUS)
DROP = DropColumn(table=ORDERS, column=STATUS)
BUILD = AddIndex(table=ORDERS, index=INDEX, concurrently=True)
UNBUILD = DropIndex(table=ORDERS, index=INDEX, concurrently=True)
LOOK = Require(query="SELECT 1", message="no", table=ORDERS)
FILL = Backfill(
    table=ORDERS,
    assignments=(Assignment(column="status", expression="'x'"),),
    needed="status IS NULL",
    key=("id",),
    key_types=("bigint",),
)
VALIDATE = ValidateConstraint(table=ORDERS, constraint=Check(expression="true", name="c"))


def migration(*changes: tuple[Step, tuple[Step, ...]], **more: Any) -> Migration:
    return Migration(
        slug="a_change",
        title="a change",
        changes=tuple(Change(step=step, undo=undo) for step, undo in changes),
        **more,
    )


def project(root: Path, layout: str) -> Project:
    return GENERATOR.imagine(root, None, layout)  # type: ignore[arg-type]


def body(edit: FileEdit) -> str:
    """Return the file without its header."""
    return edit.content.split("\n\n", 1)[1]


def told(edit: FileEdit) -> str:
    """Return the header as one line."""
    header = edit.content.split("\n\n", 1)[0]
    return " ".join(header.replace("\n--", " ").split())


def names(edits: tuple[FileEdit, ...]) -> list[str]:
    return [edit.path.name for edit in edits]


def test_a_transaction_in_a_pair(tmp_path: Path, make_job: MakeJob) -> None:
    job = make_job(migration((ADD, (DROP,)), lock_timeout_ms=2000))
    up, down = GENERATOR.render(project(tmp_path, "golang-migrate"), job)

    assert up.path == tmp_path / "migrations" / "20261123102030_a_change.up.sql"
    assert down.path.name == "20261123102030_a_change.down.sql"
    assert body(up) == (
        "BEGIN;\n\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "ALTER TABLE orders ADD COLUMN status text;\n\n"
        "COMMIT;\n"
    )
    assert body(down) == (
        "BEGIN;\n\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "ALTER TABLE orders DROP COLUMN status;\n\n"
        "COMMIT;\n"
    )
    header = up.content.split("\n\n", 1)[0].splitlines()
    assert header[0] == "-- Plan     a-change · expand · 1 of 1"
    assert [line.split()[1] for line in header] == ["Plan", "Deploy", "Up", "Down"]
    assert (up.up, up.down, down.up, down.down) == (body(up), "", "", body(down))
    assert up.revision == "20261123102030"


def test_a_transaction_in_one_file(tmp_path: Path, make_job: MakeJob) -> None:
    job = make_job(migration((ADD, (DROP,))))
    (edit,) = GENERATOR.render(project(tmp_path, "dbmate"), job)
    assert edit.path == tmp_path / "db" / "migrations" / "20261123102030_a_change.sql"
    # The migration names no budget; what stops reads never waits without one.
    assert body(edit) == (
        "-- migrate:up\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "ALTER TABLE orders ADD COLUMN status text;\n\n"
        "-- migrate:down\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "ALTER TABLE orders DROP COLUMN status;\n"
    )


def test_a_concurrent_build_is_three_files(tmp_path: Path, make_job: MakeJob) -> None:
    job = make_job(migration((BUILD, (UNBUILD,)), transactional=False))
    edits = GENERATOR.render(project(tmp_path, "dbmate"), job)

    assert names(edits) == [
        "20261123102030_a_change_prepare.sql",
        "20261123102031_a_change.sql",
        "20261123102032_a_change_check.sql",
    ]
    prepare, build, check = map(body, edits)
    assert prepare == (
        "-- migrate:up\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "-- An interrupted build leaves an index that is INVALID: it slows writes and serves no "
        "query.\n"
        "DO $$\n"
        "DECLARE\n"
        "    state text := (SELECT state_of('ix_status'));\n"
        "BEGIN\n"
        "    IF state = 'different' THEN\n"
        "        RAISE EXCEPTION USING MESSAGE = 'ix_status is there already with another "
        "definition: rename or drop it, then run again';\n"
        "    ELSIF state = 'invalid' THEN\n"
        "        DROP INDEX ix_status;\n"
        "    END IF;\n"
        "END\n"
        "$$;\n\n"
        "-- migrate:down\n"
        "-- Nothing to do in this direction.\n"
    )
    assert build == (
        "-- migrate:up transaction:false\n"
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_status ON orders (status);\n\n"
        "-- migrate:down transaction:false\n"
        "DROP INDEX CONCURRENTLY IF EXISTS ix_status;\n"
    )
    assert "IS DISTINCT FROM 'valid'" in check
    assert "File     2 of 3" in edits[1].content
    for edit in edits[1:]:
        assert "Repair when the build was cut short: dbmate rollback, then dbmate up" in told(edit)


def test_a_concurrent_build_tells_where_golang_migrate_begins_again(
    tmp_path: Path, make_job: MakeJob
) -> None:
    job = make_job(migration((BUILD, (UNBUILD,)), transactional=False))
    home = project(tmp_path, "golang-migrate")
    edits = GENERATOR.render(home, job)
    assert [edit.revision[-2:] for edit in edits] == ["30", "30", "31", "31", "32", "32"]
    assert body(edits[2]) == (
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_status ON orders (status);\n"
    )
    assert "migrate force -- -1, then migrate up 2" in told(edits[2])
    # One that goes down again begins with the file itself.
    assert "migrate force 20261123102031, then migrate down 1" in told(edits[3])

    home.directory.mkdir()
    (home.directory / "20250101000000_x.up.sql").touch()
    (found,) = GENERATOR.detect(tmp_path)
    for edit in GENERATOR.render(found, job)[2::2]:
        assert "migrate force 20250101000000, then migrate up " in told(edit)


def test_a_dropped_index_comes_back_last_file_first(tmp_path: Path, make_job: MakeJob) -> None:
    job = make_job(migration((UNBUILD, (BUILD,)), transactional=False))
    edits = GENERATOR.render(project(tmp_path, "golang-migrate"), job)
    ups, downs = edits[0::2], edits[1::2]
    assert [edit.path.name[15:] for edit in ups] == [
        "a_change_prepare.up.sql",
        "a_change.up.sql",
        "a_change_check.up.sql",
    ]
    assert body(ups[1]) == "DROP INDEX CONCURRENTLY IF EXISTS ix_status;\n"
    assert [body(edit) for edit in (ups[0], ups[2])] == [
        "-- Nothing to do in this direction.\n"
    ] * 2
    assert "state = 'different'" in body(downs[2])
    assert body(downs[1]).startswith("CREATE INDEX CONCURRENTLY IF NOT EXISTS")
    assert "IS DISTINCT FROM 'valid'" in body(downs[0])
    # Cut short while building: forced to the file whose downgrade prepares, and down again.
    assert "migrate force 20261123102032, then migrate down 2" in told(downs[1])
    assert "migrate force 20261123102032, then migrate down 3" in told(downs[0])


def test_what_only_looks_shares_the_file_of_the_guard(tmp_path: Path, make_job: MakeJob) -> None:
    job = make_job(migration((LOOK, ()), (BUILD, (UNBUILD,)), transactional=False))
    edits = GENERATOR.render(project(tmp_path, "dbmate"), job)
    assert [name[15:] for name in names(edits)] == [
        "a_change_prepare.sql",
        "a_change.sql",
        "a_change_check.sql",
    ]
    assert body(edits[0]).index("ASSERT") < body(edits[0]).index("state = 'different'")


def test_other_steps_never_share_a_file_that_may_run_twice(
    tmp_path: Path, make_job: MakeJob
) -> None:
    job = make_job(
        migration((ADD, (DROP,)), (BUILD, (UNBUILD,)), (VALIDATE, ()), transactional=False)
    )
    edits = GENERATOR.render(project(tmp_path, "dbmate"), job)
    assert [name[15:] for name in names(edits)] == [f"a_change_{n}.sql" for n in range(1, 6)]
    assert "ADD COLUMN" in body(edits[0])
    assert "VALIDATE" in body(edits[4])
    assert "lock_timeout" not in body(edits[4])


def test_a_validation_has_its_own_transaction(tmp_path: Path, make_job: MakeJob) -> None:
    job = make_job(migration((ADD, (DROP,)), (LOOK, ()), (VALIDATE, ()), lock_timeout_ms=500))
    first, second = GENERATOR.render(project(tmp_path, "dbmate"), job)
    assert "VALIDATE" not in first.content
    assert "VALIDATE" in second.content
    assert "ASSERT" in second.content
    assert "lock_timeout" not in body(second)


def test_a_backfill_is_one_statement_outside_a_transaction(
    tmp_path: Path, make_job: MakeJob
) -> None:
    way_back = Nothing(reason="both columns hold the same values\nnothing to undo")
    job = make_job(migration((FILL, (way_back,)), kind="data", transactional=False))
    (edit,) = GENERATOR.render(project(tmp_path, "dbmate"), job)
    assert body(edit) == (
        "-- migrate:up transaction:false\n"
        "DO $$\nBEGIN\n    UPDATE orders SET status = 'x';\n    COMMIT;\nEND\n$$;\n\n"
        "-- migrate:down\n"
        "-- both columns hold the same values\n"
        "-- nothing to undo\n"
    )
    up, down = GENERATOR.render(project(tmp_path, "golang-migrate"), job)
    assert "BEGIN;" not in up.content
    assert body(down) == "-- both columns hold the same values\n-- nothing to undo\n"


def test_a_way_back_that_is_none_raises_its_reason(tmp_path: Path, make_job: MakeJob) -> None:
    job = make_job(migration((DROP, (Impossible(reason="it's gone; for $$ good"),))))
    (edit,) = GENERATOR.render(project(tmp_path, "dbmate"), job)
    assert edit.down == (
        "DO $migwiz1$\nBEGIN\n"
        "    RAISE EXCEPTION USING MESSAGE = 'it''s gone; for $$ good';\n"
        "END\n$migwiz1$;\n"
    )
    GENERATOR.check((edit,), job.dialect)


def test_sqlite_rebuilds_bring_their_own_transaction(
    tmp_path: Path, make_job: MakeJob, sqlite_dialect: Any
) -> None:
    table = Table(name=ORDERS, columns=(STATUS,))
    rebuild = RebuildTable(before=table, after=table)
    job = make_job(migration((rebuild, (rebuild,)), transactional=False), dialect=sqlite_dialect)
    (edit,) = GENERATOR.render(project(tmp_path, "dbmate"), job)
    statements = "PRAGMA foreign_keys = OFF;\nBEGIN;\nDROP TABLE t;\nCOMMIT;\n"
    assert body(edit) == (
        f"-- migrate:up transaction:false\n{statements}\n-- migrate:down transaction:false\n{statements}"
    )
    up, _ = GENERATOR.render(project(tmp_path, "golang-migrate"), job)
    assert body(up) == statements
    assert "x-no-tx-wrap=true" in told(up)
    GENERATOR.check((edit, up), sqlite_dialect)


def test_several_migrations_follow_each_other_and_what_was_planned_before(
    tmp_path: Path, make_job: MakeJob
) -> None:
    home = project(tmp_path, "golang-migrate")
    home.directory.mkdir()
    (home.directory / "000007_old.up.sql").touch()
    one = migration((ADD, (DROP,)))
    first = GENERATOR.render(home, make_job(one, one))
    then = GENERATOR.render(home, make_job(one, after=first))
    assert [edit.revision for edit in first + then] == ["000008"] * 2 + ["000009"] * 2 + [
        "000010"
    ] * 2
    assert GENERATOR.commands(home, first + then).apply == (
        'migrate -path migrations -database "$DATABASE_URL" up 3'
    )
    assert GENERATOR.commands(home, first + then).revert.endswith(" down 3")


def test_commands_of_dbmate(tmp_path: Path, make_job: MakeJob) -> None:
    home = project(tmp_path, "dbmate")
    edits = GENERATOR.render(home, make_job(migration((BUILD, (UNBUILD,)), transactional=False)))
    commands = GENERATOR.commands(home, edits)
    assert commands.apply == "dbmate up"
    assert commands.revert == "dbmate rollback && dbmate rollback && dbmate rollback"


def test_duplicate_versions_are_a_conflict(
    tree: Callable[[dict[str, str]], Path], make_job: MakeJob
) -> None:
    root = tree({"go.mod": "require github.com/golang-migrate/migrate/v4 v4.19.0\n"})
    tree({f"db/{name}.up.sql": "" for name in ("0001_a", "0001_b")})
    (found,) = GENERATOR.detect(root)
    assert found.problems == ("version 0001 is used by more than one file",)
    with pytest.raises(ConflictError) as raised:
        GENERATOR.render(found, make_job(migration((ADD, (DROP,)))))
    assert raised.value.code == "broken-history"


def test_an_unknown_layout_names_the_flag(tmp_path: Path) -> None:
    with pytest.raises(AnswerError) as raised:
        project(tmp_path, "nonesuch")
    assert raised.value.flag == "--layout"


@pytest.mark.parametrize(
    "text",
    [
        "ALTER TABLE orders ADD COLUMN (;",
        "SELEC 1;",
        "CREATE INDEX ON orders (;",
        "UPDATE orders SET a = = 1;",
        "DO $$ BEGIN ( END $$ );",
    ],
)
def test_check_refuses_what_does_not_parse(tmp_path: Path, make_job: MakeJob, text: str) -> None:
    edit = FileEdit(path=tmp_path / "x.sql", content=text, up=text, phase="expand")
    with pytest.raises(AssertionError, match=r"x\.sql"):
        GENERATOR.check((edit,), make_job().dialect)


def test_text_that_reads_like_a_section_mark_is_refused(tmp_path: Path, make_job: MakeJob) -> None:
    trap = Column(name="note", type="text DEFAULT '\n-- migrate:down\n'")
    job = make_job(migration((AddColumn(table=ORDERS, column=trap), (DROP,))))
    with pytest.raises(ConflictError) as raised:
        GENERATOR.render(project(tmp_path, "dbmate"), job)
    assert raised.value.code == "section-mark"


@pytest.mark.parametrize("layout", sorted(layouts()))
def test_what_a_layout_writes_it_finds_again(
    tmp_path: Path, make_job: MakeJob, layout: str
) -> None:
    job = make_job(migration((ADD, (DROP,))), migration((BUILD, (UNBUILD,)), transactional=False))
    imagined = project(tmp_path, layout)
    edits = GENERATOR.render(imagined, job)
    GENERATOR.check(edits, job.dialect)
    writer.write(edits, root=tmp_path)
    if layout in drivers():
        # Many folders look the same: what is beside them tells whose they are.
        place = Place(engine="postgresql", url="postgresql+psycopg://me@/x", home=tmp_path)
        drivers()[layout].prepare(imagined, place)

    (found,) = GENERATOR.detect(tmp_path)

    assert (found.layout, found.directory) == (layout, imagined.directory)
    versions = [edit.revision for edit in edits if edit.revision]
    assert found.heads == (versions[-1],)
    assert found.pattern == imagined.pattern
    assert not found.problems
    later = GENERATOR.render(found, job)
    created = {edit.path for edit in later if edit.action == "create"}
    assert not created & {edit.path for edit in edits}
    assert min(edit.revision for edit in later if edit.revision) > max(versions)
    commands = GENERATOR.commands(found, later)
    assert commands.apply
    assert commands.revert
