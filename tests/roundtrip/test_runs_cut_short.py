"""What real runners leave in their record when a file fails half-way, and how that is read."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import servers
from real_tools import Driver, Place, drivers
from real_tools.atlas import Atlas
from servers import TestServer

from generators.base import Project
from generators.ledger import Reading
from generators.sql import GENERATOR
from generators.sql.layouts import layouts
from wizard.applied import read_record
from wizard.database.opening import open_catalog
from wizard.dialects.flavours import engine
from wizard.journal import JournalFile

FILES = [JournalFile(path=f"{n}_x.up.sql", revision=str(n), sha256="") for n in (1, 2, 3)]
Bench = Callable[[str, str, str], tuple[Driver, Project, Place]]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return a function that prepares a project with three pairs of files."""

    def make(layout: str, name: str, url: str) -> tuple[Driver, Project, Place]:
        driver = drivers()[layout]
        driver.bring()
        root, home = tmp_path / "project", tmp_path / "home"
        root.mkdir()
        home.mkdir()
        project, place = layouts()[layout].imagine(root), Place(engine=name, url=url, home=home)
        driver.prepare(project, place)
        for n in (1, 2, 3):
            up, down = f"CREATE TABLE t{n} (id int)", f"DROP TABLE t{n}"
            (project.directory / f"{n}_x.up.sql").write_text(f"{up};\n")
            (project.directory / f"{n}_x.down.sql").write_text(f"{down};\n")
        return driver, project, place

    return make


def reading(project: Project, url: str) -> Reading:
    catalog = open_catalog(url)
    dialect = engine(catalog.dialect, catalog.version, catalog.flavour)
    record = read_record(catalog, dialect, GENERATOR.ledger(project, dialect))
    catalog.close()
    assert not record.why
    return record.of(FILES)


def test_golang_migrate_marks_the_database_as_dirty(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    sqlite3.connect(path).close()
    url = f"sqlite:///{path}"
    driver, project, place = bench("golang-migrate", "sqlite", url)
    second = project.directory / "2_x.up.sql"
    whole = second.read_text()
    second.write_text("CREATE TABLE t1 (id int);\n")
    with pytest.raises(subprocess.CalledProcessError):
        driver.up(project, place)
    found = reading(project, url)
    assert (found.applied, found.unknown) == ({"1"}, {"2", "3"})
    assert "cut short at version 2" in found.problem

    # And on the way back: it stands before the file that could not be taken back.
    second.write_text(whole)
    connection = sqlite3.connect(path)
    connection.executescript("UPDATE schema_migrations SET version = 1, dirty = 0;")
    connection.close()
    driver.up(project, place)
    assert reading(project, url) == Reading(applied=frozenset("123"))
    (project.directory / "3_x.down.sql").write_text("DROP TABLE nothing;\n")
    with pytest.raises(subprocess.CalledProcessError):
        place.run(*_golang(project, place), "down", "1")
    found = reading(project, url)
    assert (found.applied, found.unknown) == ({"1"}, {"2", "3"})


def _golang(project: Project, place: Place) -> tuple[str | Path, ...]:
    import tools

    where = f"sqlite://{place.database}?x-no-tx-wrap=true"
    return (tools.golang_migrate(), "-path", project.directory, "-database", where)


def test_sqlx_keeps_a_row_without_success(bench: Bench, mariadb: TestServer) -> None:
    with mariadb.database() as url:
        driver, project, place = bench("sqlx", "mariadb", url)
        (project.directory / "2_x.up.sql").write_text("CREATE TABLE t1 (id int);\n")
        with pytest.raises(subprocess.CalledProcessError):
            driver.up(project, place)
        found = reading(project, url)
        assert (found.applied, found.unknown) == ({"1"}, {"2"})
        assert found.problem == "the run of 2 did not end well"
        servers.execute(url, "DELETE FROM _sqlx_migrations WHERE NOT success")
        assert reading(project, url).applied == {"1"}


def test_atlas_remembers_how_far_a_file_came(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    sqlite3.connect(path).close()
    url = f"sqlite:///{path}"
    driver, project, place = bench("atlas", "sqlite", url)
    for one in project.directory.iterdir():
        one.unlink()
    for n in (1, 2):
        text = f"-- atlas:txmode none\n\nCREATE TABLE t{n} (id int);\nCREATE TABLE u{n} (id int);\n"
        (project.directory / f"{n}_x.sql").write_text(text.replace("TABLE u2", "TABLE t1"))
    Atlas().sum("hash", "atlas", project.directory, place)
    with pytest.raises(subprocess.CalledProcessError):
        driver.up(project, place)
    found = reading(project, url)
    assert (found.applied, found.unknown) == ({"1"}, {"2"})
