"""refinery: V and U files in crates that use it; forward only; work outside a transaction by hand."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from real_tools import Place, by_hand
from real_tools.places import said
from real_tools.refinery import DRIVER
from sample_changes import (
    ADD,
    ADDED,
    BUILT,
    DROP,
    FILL,
    FILLED,
    ORDERS,
    bodies,
    imagined,
    migration,
)

from generators.base import Job, Project
from generators.sql import GENERATOR
from generators.sql.layouts.refinery import LAYOUT
from generators.sql.tree import survey
from wizard import writer
from wizard.dialects import dialect
from wizard.model.errors import ConflictError
from wizard.model.schema import Column, PrimaryKey, Table
from wizard.model.steps import Nothing, RebuildTable

Write = Callable[[dict[str, str]], Path]
MakeJob = Callable[..., Job]
CARGO = '[dependencies]\nrefinery = { version = "0.9", features = ["tokio-postgres"] }\n'
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)


def files(folder: str, *stems: str) -> dict[str, str]:
    return {f"{folder}/{stem}.sql": "SELECT 1;\n" for stem in stems}


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def following(project: Project, count: int = 1) -> tuple[str, ...]:
    return LAYOUT.next_versions(project, taken=(), now=NOW, count=count)


def test_files_in_a_workspace_whose_macro_names_the_folder(tree: Write) -> None:
    root = tree(
        {
            "Cargo.toml": '[workspace]\nmembers = ["db"]\n[workspace.dependencies]\n' + CARGO,
            "db/Cargo.toml": "[dependencies]\nrefinery.workspace = true\n",
            "db/src/lib.rs": 'mod embedded { refinery::embed_migrations!("./sql"); }\n',
            "db/sql/V3__c.rs": "",
        }
        | files("db/sql", "V1__a", "V2__b")
    )
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "db/sql", "high")
    assert [one.where for one in project.evidence] == ["db/src/lib.rs", "db/sql/V3__c.rs"]
    assert project.pattern == "V, counter__words.sql"
    assert following(project, 2) == ("4", "5")


def test_files_of_flyway_are_left_to_it(tree: Write) -> None:
    assert found(tree({"Cargo.toml": 'serde = "1"\n'} | files("migrations", "V1__a"))) == []
    assert found(tree({"pom.xml": "<flyway/>"} | files("db/migration", "V1__a"))) == []


def test_numbers_follow_the_newest_also_of_folders_below(tree: Write) -> None:
    root = tree({"Cargo.toml": CARGO} | files("migrations", "U09__a", "U10__b", "old/U11__c"))
    project = next(one for one in found(root) if one.directory.name == "migrations")
    assert project.options["kind"] == "U"
    assert following(project) == ("12",)


def test_a_number_that_would_not_be_read_is_refused(tree: Write) -> None:
    (project,) = found(tree({"Cargo.toml": CARGO} | files("migrations", "V2147483647__a")))
    with pytest.raises(ConflictError, match="would not read a version 2147483648"):
        following(project)
    (project,) = found(tree(files("migrations", "V20250101000000__a")))
    assert following(project) == ("20261123102030",)


def test_two_files_of_one_version_are_refused(tree: Write, make_job: MakeJob) -> None:
    (project,) = found(
        tree({"Cargo.toml": CARGO} | files("migrations", "V1__a", "V01__b", "V1__c"))
    )
    with pytest.raises(ConflictError, match="version 1 is used by more than one file"):
        GENERATOR.render(project, make_job())


def test_a_file_and_its_way_back(tmp_path: Path, make_job: MakeJob) -> None:
    project = imagined(tmp_path, "refinery")
    edits = GENERATOR.render(project, make_job(ADDED))
    assert [one.path.relative_to(tmp_path).as_posix() for one in edits] == [
        "migrations/V1__a_change.sql",
        "rollbacks/V1__a_change.sql",
    ]
    assert bodies(edits) == [
        "SET LOCAL lock_timeout = '2000ms';\n"
        "DO $$ BEGIN ASSERT NOT EXISTS (SELECT 1); END $$;\n"
        "ALTER TABLE orders ADD COLUMN status text;\n",
        "BEGIN;\n\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "ALTER TABLE orders DROP COLUMN status;\n\n"
        "COMMIT;\n",
    ]
    assert "DELETE FROM refinery_schema_history WHERE version = 1" in edits[1].content
    assert GENERATOR.commands(project, edits).revert.endswith("headers say: rollbacks/V1__*")


def test_an_index_is_built_by_hand_and_its_file_waits_for_it(
    tmp_path: Path, make_job: MakeJob
) -> None:
    edits = GENERATOR.render(imagined(tmp_path, "refinery"), make_job(BUILT))
    told = {one.path.relative_to(tmp_path).as_posix(): one.content for one in edits}
    assert [name for name in told if name.startswith("by_hand")] == ["by_hand/V2__a_change.sql"]
    assert told["by_hand/V2__a_change.sql"].split("\n\n", 1)[1] == (
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status);\n"
    )
    assert told["migrations/V2__a_change.sql"].split("\n\n", 1)[1] == (
        "-- Does it on a tiny table; on another one it stops until that has been done by hand.\n"
        "DO $$\n"
        "BEGIN\n"
        "    IF EXISTS (SELECT 1 WHERE (SELECT state_of('ix')) IS DISTINCT FROM 'valid') THEN\n"
        "        IF EXISTS (SELECT 1 FROM orders OFFSET 10000 LIMIT 1) THEN\n"
        "            RAISE EXCEPTION USING MESSAGE = 'refinery runs every file in a transaction, "
        "where this cannot be: run by_hand/V2__a_change.sql, then refinery again';\n"
        "        END IF;\n"
        "        SET LOCAL lock_timeout = '2000ms';\n"
        "        CREATE INDEX ix ON orders (status);\n"
        "    END IF;\n"
        "END\n"
        "$$;\n"
    )
    back = told["rollbacks/V2__a_change.sql"]
    assert back.endswith("\n\nDROP INDEX CONCURRENTLY IF EXISTS ix;\n")


def test_rows_are_changed_in_batches_by_hand(tmp_path: Path, make_job: MakeJob) -> None:
    up, _, by_hand = GENERATOR.render(imagined(tmp_path, "refinery"), make_job(FILLED))
    assert "IF EXISTS (SELECT 1 FROM orders WHERE status IS NULL) THEN" in up.content
    assert "        UPDATE orders SET status = 'x' WHERE status IS NULL;\n" in up.content
    assert "COMMIT;" in by_hand.content


def test_a_rebuild_stops_where_foreign_keys_would_follow(
    tmp_path: Path, make_job: MakeJob, sqlite_dialect: Any
) -> None:
    table = Table(name=ORDERS, columns=())
    rebuild = migration((RebuildTable(before=table, after=table), (Nothing(reason="no"),)))
    job = make_job(rebuild, dialect=sqlite_dialect)
    up, _, by_hand = GENERATOR.render(imagined(tmp_path, "refinery"), job)
    assert "SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys AND EXISTS" in up.content
    assert up.content.endswith("SET LOCAL lock_timeout = '2000ms';\nDROP TABLE t;\n")
    assert by_hand.content.endswith("PRAGMA foreign_keys = OFF;\nBEGIN;\nDROP TABLE t;\nCOMMIT;\n")


@pytest.mark.real_tool
def test_a_rebuild_never_takes_the_rows_that_refer_to_the_table(
    tmp_path: Path, make_job: MakeJob
) -> None:
    DRIVER.bring()
    sqlite = dialect("sqlite", (3, 45))
    project = imagined(tmp_path, "refinery")
    place = Place(engine="sqlite", url=f"sqlite:///{tmp_path / 'shop.db'}", home=tmp_path)
    DRIVER.prepare(project, place)
    by_hand.run(
        place,
        "CREATE TABLE orders (id integer PRIMARY KEY, note text);"
        "CREATE TABLE items (of_order integer REFERENCES orders ON DELETE CASCADE);"
        "INSERT INTO orders VALUES (1, 'x'); INSERT INTO items VALUES (1)",
    )
    columns = (Column(name="id", type="integer"), Column(name="note", type="text"))
    key = PrimaryKey(columns=("id",))
    text = "CREATE TABLE orders (id integer PRIMARY KEY, note text)"
    before = Table(name=ORDERS, columns=columns, constraints=(key,), sql=text)
    after = replace(before, columns=(columns[0], replace(columns[1], nullable=False)))
    there = RebuildTable(before=before, after=after)
    back = RebuildTable(before=after, after=before)
    job = make_job(migration((there, (back,))), dialect=sqlite)
    writer.write(GENERATOR.render(project, job), root=tmp_path)

    # Its SQLite enforces foreign keys unless it is told otherwise.
    with pytest.raises(subprocess.CalledProcessError) as raised:
        DRIVER.run(project, place)
    assert "run by_hand/V1__a_change.sql" in said(raised.value)
    DRIVER.up(project, place)
    with sqlite3.connect(place.database) as connection:
        assert connection.execute("SELECT * FROM items").fetchall() == [(1,)]
        told = connection.execute("PRAGMA table_info(orders)").fetchall()
    assert [row[3] for row in told if row[1] == "note"] == [1]


def test_what_nothing_tells_must_be_marked(tmp_path: Path, make_job: MakeJob) -> None:
    copied = migration((replace(FILL, join="customers", on="true"), (DROP,)))
    up, _, by_hand = GENERATOR.render(imagined(tmp_path, "refinery"), make_job(copied))
    assert bodies((up,)) == [
        "-- Does it on a tiny table; on another one it stops until that has been done by hand.\n"
        "DO $$ BEGIN ASSERT NOT EXISTS (SELECT 1 FROM orders OFFSET 10000 LIMIT 1); END $$;\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "UPDATE orders SET status = 'x' WHERE status IS NULL;\n"
    ]
    assert "then: refinery migrate -p migrations -f -t 1" in by_hand.content


def test_folders_beside_are_no_projects(tree: Write, make_job: MakeJob) -> None:
    root = tree({"Cargo.toml": CARGO} | files("migrations", "V1__a") | files("rollbacks", "V1__a"))
    assert [one.directory.name for one in GENERATOR.detect(root)] == ["migrations"]
    (project,) = GENERATOR.detect(root)
    names = [
        one.path.name for one in GENERATOR.render(project, make_job(migration((ADD, (DROP,)))))
    ]
    assert names == ["V2__a_change.sql", "V2__a_change.sql"]
