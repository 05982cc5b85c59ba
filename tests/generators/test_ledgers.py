"""Where each framework and runner records what it has applied, and how the record is read.

That the tables are right is shown by the real tools, in tests/roundtrip/.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from generators import generators
from generators.base import Project
from generators.ledger import Ledger, Reading, Row, Unrecorded, last_word, list_of, up_to
from generators.sql.layouts import layouts
from wizard.dialects import dialect
from wizard.dialects.base import Dialect
from wizard.journal import JournalFile

ENGINES = {"postgresql": (16,), "mysql": (8, 4), "mariadb": (10, 11), "sqlite": (3, 40)}


def engine(name: str) -> Dialect:
    return dialect(name, ENGINES[name])


def file(path: str, revision: str = "") -> JournalFile:
    return JournalFile(path=path, revision=revision, sha256="")


def imagined(root: Path, framework: str, layout: str | None = None) -> Project:
    if layout is not None:
        return layouts()[layout].imagine(root)
    return generators()[framework].imagine(root, engine("postgresql"))


def ledger(project: Project, name: str = "postgresql") -> Ledger:
    found = generators()[project.framework].ledger(project, engine(name))
    assert isinstance(found, Ledger)
    return found


def read(project: Project, rows: list[Row], *files: JournalFile) -> Reading:
    return ledger(project).read(rows, files)


ALL = [
    *((name, None) for name in generators() if name != "sql"),
    *(("sql", name) for name in layouts()),
]


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(("framework", "layout"), ALL)
def test_everyone_says_where_it_keeps_its_record(
    framework: str, layout: str | None, name: str, tmp_path: Path
) -> None:
    project = imagined(tmp_path, framework, layout)
    found = generators()[framework].ledger(project, engine(name))
    if isinstance(found, Unrecorded):
        assert (layout, name) in {("sqitch", "sqlite"), *(("plain", one) for one in ENGINES)}
        assert found.why
        return
    for table in found.tables:
        assert table.name in engine(name).existence(table)
        assert found.query(engine(name), table).startswith("SELECT ")
    # A record without a row: nothing is applied.
    assert found.read([], [file("a/20261123_x.sql", "20261123")]) == Reading()


FILES = (file("m/007_a.sql", "007"), file("m/008_b.sql", "008"), file("m/meta.json"))


def test_a_list_of_versions() -> None:
    assert list_of()([(7,), (1,)], FILES).applied == {"007"}
    found = list_of(failed=lambda row: not row[1])([("7", True), ("8", False)], FILES)
    assert (found.applied, found.unknown) == ({"007"}, {"008"})
    assert "8" in found.problem


def test_everything_up_to_one() -> None:
    assert up_to()([(7,)], FILES).applied == {"007"}
    assert up_to()([(8,)], FILES).applied == {"007", "008"}
    found = up_to(dirty=True)([(8, True)], FILES)
    assert (found.applied, found.unknown) == ({"007"}, {"008"})
    assert "dirty" in found.problem
    assert not up_to(dirty=True)([(8, False)], FILES).problem


def test_the_last_word_of_a_log() -> None:
    log = [("7", 3, False), ("7", 2, True), ("8", 10, True), ("8", 9, False)]
    assert last_word(lambda row: bool(row[2]))(log, FILES).applied == {"008"}


def test_flyway_undoes_by_another_row(tmp_path: Path) -> None:
    project = imagined(tmp_path, "sql", "flyway")
    files = (file("V1_2__a.sql", "1_2"), file("V1_3__b.sql", "1_3"), file("V1_4__c.sql", "1_4"))
    rows = [
        *(("1.2", 1, True, "SQL"), ("1.3", 2, True, "SQL"), ("1.3", 3, True, "UNDO_SQL")),
        *((None, 4, True, "SQL"), ("1.4", 5, False, "SQL")),
    ]
    found = read(project, rows, *files)
    assert (found.applied, found.unknown) == ({"1_2"}, {"1_4"})


def test_prisma_keeps_what_was_given_up(tmp_path: Path) -> None:
    project = imagined(tmp_path, "sql", "prisma")
    files = [file(f"prisma/migrations/{n}_x/migration.sql", str(n)) for n in (1, 2, 3)]
    rows = [("1_x", "now", None), ("2_x", None, "now"), ("2_x", "now", None), ("3_x", None, None)]
    found = read(project, rows, *files)
    assert (found.applied, found.unknown) == ({"1", "2"}, {"3"})


def test_atlas_remembers_how_far_it_came(tmp_path: Path) -> None:
    project = imagined(tmp_path, "sql", "atlas")
    found = read(project, [("7", 2, 2), ("8", 1, 3)], *FILES)
    assert (found.applied, found.unknown) == ({"007"}, {"008"})
    own, plain = ledger(project).tables
    assert (own.schema, plain.schema) == ("atlas_schema_revisions", None)


def test_liquibase_knows_files_by_their_path(tmp_path: Path) -> None:
    project = imagined(tmp_path, "sql", "liquibase")
    rows = [("db/changes/7-a.sql", "EXECUTED"), ("db/changes/8-b.sql", "SKIPPED")]
    found = read(
        project, rows, file("x/db/changes/7-a.sql", "7"), file("x/db/changes/8-b.sql", "8")
    )
    assert found.applied == {"7"}


def test_drizzle_knows_files_by_hash_or_time(tmp_path: Path) -> None:
    project = imagined(tmp_path, "sql", "drizzle")
    meta = project.directory / "meta"
    meta.mkdir(parents=True)
    entries = [{"tag": "0000_a", "when": 1700}, {"tag": "0001_b", "when": 1800}]
    (meta / "_journal.json").write_text(json.dumps({"entries": entries}))
    (project.directory / "0002_c.sql").write_text("SELECT 1;\n")
    known = hashlib.sha256(b"SELECT 1;\n").hexdigest()
    files = [file(f"drizzle/{n}.sql", n[:4]) for n in ("0000_a", "0001_b", "0002_c")]
    found = read(project, [("changed since", 1700), (known, 1)], *files)
    assert found.applied == {"0000", "0002"}


def test_hasura_keeps_a_state_for_each_database(tmp_path: Path) -> None:
    project = imagined(tmp_path, "sql", "hasura")
    state = {"migrations": {"default": {"7": False, "8": True}, "other": {"9": False}}}
    for row in ((state,), (json.dumps(state),)):
        found = read(project, [row], *FILES, file("9", "9"))
        assert (found.applied, found.unknown) == ({"007"}, {"008"})
    assert ledger(project).absent


def test_sqitch_keeps_several_projects(tmp_path: Path) -> None:
    project = imagined(tmp_path, "sql", "sqitch")
    mine = project.options["project"]
    files = (file("deploy/a.sql", "1"), file("deploy/b.sql", "2"))
    assert read(project, [("a", mine), ("b", "other")], *files).applied == {"1"}


@pytest.mark.parametrize(
    ("layout", "name", "text", "table"),
    [
        ("dbmate", ".env", 'DBMATE_MIGRATIONS_TABLE="ops.done"\n', "ops.done"),
        ("goose", "Makefile", "up:\n\tgoose -dir migrations -table ops.done up\n", "ops.done"),
        ("golang-migrate", "Makefile", "\tmigrate -database $U?x-migrations-table=done up\n", "done"),
        ("flyway", "flyway.conf", "flyway.table=done\n", "done"),
        ("flyway", "flyway.toml", '[flyway]\nlocations = []\ntable = "done"\n', "done"),
        ("flyway", "src/main/resources/application.yml", "spring:\n  flyway:\n    table: done\n", "done"),
        ("liquibase", "liquibase.properties", "databaseChangelogTableName: done\n", "done"),
        ("atlas", "atlas.hcl", 'migration {\n  revisions_schema = "ops"\n}\n', "ops.atlas_schema_revisions"),
        ("drizzle", "drizzle.config.ts", 'migrations: { table: "done", schema: "ops" },\n', "ops.done"),
        ("knex", "knexfile.js", "migrations: { tableName: 'done' }\n", "done"),
        ("kysely", "kysely.config.ts", "migrationTableName: 'done'\n", "done"),
        ("typeorm", "src/data-source.ts", 'migrationsTableName: "done",\n', "done"),
        ("sequelize", "config/config.json", '{"test": {"migrationStorageTableName": "done"}}', "done"),
        ("rails", "config/application.rb", 'config.active_record.schema_migrations_table_name = "done"', "done"),
        ("ecto", "config/config.exs", 'config :shop, Repo, migration_source: "done"\n', "done"),
        ("tern", "tern.conf", "[database]\nversion_table = ops.done\n", "ops.done"),
        ("sqitch", "sqitch.conf", "[core]\n\tregistry = ops\n", "ops.changes"),
        ("yoyo", "yoyo.ini", "[DEFAULT]\nmigration_table = done\n", "done"),
        ("node-pg-migrate", "package.json", '{"scripts": {"up": "node-pg-migrate -t done up"}}', "done"),
        ("sql-migrate", "dbconfig.yml", "production:\n  dialect: postgres\n  table: done\n", "done"),
        ("sqlx", "sqlx.toml", '[migrate]\ntable-name = "done"\n', "done"),
    ],
)  # fmt: skip
def test_settings_name_the_table(
    layout: str, name: str, text: str, table: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    project = imagined(tmp_path.resolve(), "sql", layout)
    if layout == "sqlx":
        # Its settings are read when it is found.
        project.directory.mkdir()
        (project.directory / "1_a.sql").write_text("SELECT 1;\n")
        (tmp_path / "Cargo.toml").write_text('[dependencies]\nsqlx = "0.9"\n')
        (project,) = generators()["sql"].detect(tmp_path)
    assert str(ledger(project).tables[0]) == table


@pytest.mark.parametrize(
    ("layout", "name", "text", "table"),
    [
        ("knex", "config/db.json", '{"tableName": "users"}', "knex_migrations"),
        ("sql-migrate", "compose.yml", "services:\n  app:\n    table: users\n", "gorp_migrations"),
        ("sqitch", "Cargo.toml", 'registry = "company"\n', "sqitch.changes"),
        ("tern", "tern.conf", "# no table\n", "public.schema_version"),
    ],
)  # fmt: skip
def test_settings_of_others_name_no_table(
    layout: str, name: str, text: str, table: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    assert str(ledger(imagined(tmp_path.resolve(), "sql", layout)).tables[0]) == table


def alembic(root: Path, configure: str, *chain: str) -> Project:
    scripts = root / "migrations"
    (scripts / "versions").mkdir(parents=True)
    (root / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
    (scripts / "env.py").write_text(
        f"from alembic import context\nNAME = 'done'\ncontext.configure(connection=None{configure})\n"
    )
    for before, one in zip(("", *chain), chain, strict=False):
        down = repr(before) if before else None
        (scripts / "versions" / f"{one}_x.py").write_text(
            f"revision = {one!r}\ndown_revision = {down}\n"
        )
    (project,) = generators()["alembic"].detect(root)
    return project


def test_alembic_has_applied_all_before_its_heads(tmp_path: Path) -> None:
    project = alembic(tmp_path, "", "a1", "b2", "c3")
    files = [file(f"migrations/versions/{one}_x.py", one) for one in ("a1", "b2", "c3")]
    assert str(ledger(project).tables[0]) == "alembic_version"
    assert read(project, [("b2",)], *files).applied == {"a1", "b2"}
    elsewhere = read(project, [("ffff",)], *files)
    assert elsewhere.unknown == {"a1", "b2", "c3"}
    assert "ffff" in elsewhere.problem


@pytest.mark.parametrize(
    ("configure", "table"),
    [
        (", version_table='done'", "done"),
        (", version_table=NAME, version_table_schema='ops'", "ops.done"),
        (", **{'version_table': 'done', 'version_table_schema': None}", "done"),
        (", version_table=settings.table", None),
    ],
)
def test_alembic_table_is_read_from_env_py(
    configure: str, table: str | None, tmp_path: Path
) -> None:
    project = alembic(tmp_path, configure, "a1")
    found = generators()["alembic"].ledger(project, engine("postgresql"))
    if table is None:
        assert isinstance(found, Unrecorded)
        assert "env.py computes version_table" in found.why
    else:
        assert isinstance(found, Ledger)
        assert str(found.tables[0]) == table


@pytest.mark.parametrize(
    ("body", "table"),
    [
        ('fn migration_table_name() -> DynIden { Alias::new("done").into_iden() }', "done"),
        ("fn migration_table_name() -> DynIden { TABLE.into_iden() }", None),
        ("", "seaql_migrations"),
    ],
)
def test_seaorm_table_is_read_from_the_migrator(
    body: str, table: str | None, tmp_path: Path
) -> None:
    source = tmp_path / "migration" / "src"
    source.mkdir(parents=True)
    manifest = '[package]\nname = "migration"\n\n[dependencies]\nsea-orm-migration = "2.0"\n'
    (source.parent / "Cargo.toml").write_text(manifest)
    (source / "m20260101_000001_a.rs").write_text("")
    (source / "lib.rs").write_text(
        "pub use sea_orm_migration::prelude::*;\nmod m20260101_000001_a;\npub struct Migrator;\n"
        "impl MigratorTrait for Migrator {\n"
        "    fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n"
        f"        vec![Box::new(m20260101_000001_a::Migration)]\n    }}\n    {body}\n}}\n"
    )
    (project,) = generators()["seaorm"].detect(tmp_path)
    found = generators()["seaorm"].ledger(project, engine("postgresql"))
    if table is None:
        assert isinstance(found, Unrecorded)
    else:
        assert isinstance(found, Ledger)
        assert str(found.tables[0]) == table
