"""`migwiz status`: what is applied is read from the runner's record, gates are asked, files looked at."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import psycopg
import pytest
import servers
from projects import alembic_ok, make_alembic_project
from servers import TestServer
from sqlalchemy import make_url

from wizard import journal as journals
from wizard.cli import main
from wizard.journal import Abandoned, Forced, Journal

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "status.schema.json").read_text())
ROWS = "INSERT INTO orders (note) VALUES ('a'), ('b'), (NULL)"
RENAME = [
    *("write", "rename-column", "--table", "orders", "--column", "note", "--to", "remark"),
    *("--how", "sync", "--rows", "120M"),
]
PLAN = "rename-orders-note"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return the one plan, as a document that keeps to its schema."""

    def one(*words: str, code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        assert main(["status", "--format", "json", *words]) == code
        document = json.loads(capsys.readouterr().out)
        jsonschema.validate(document, SCHEMA)
        (plan,) = document["plans"]
        return dict(plan)

    return one


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a SQLite database, in which a rename has been written."""
    make_alembic_project(tmp_path)
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT)")
        connection.execute(ROWS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///shop.db")
    upgrade(tmp_path)
    assert main(RENAME) == 0
    return tmp_path


def upgrade(root: Path, to: str = "head") -> None:
    alembic_ok(root, f"sqlite:///{root}/shop.db", "upgrade", to)


def states(plan: dict[str, Any]) -> list[str]:
    return [f"{one['name']} {one['state']}" for one in plan["phases"]]


def sql(root: Path, *statements: str) -> None:
    with sqlite3.connect(root / "shop.db") as connection:
        for one in statements:
            connection.execute(one)


def written(root: Path) -> list[Path]:
    return sorted((root / "migrations" / "versions").glob("*remark*.py"))


def test_from_written_to_finished(shop: Path, ask: Ask) -> None:
    plan = ask()
    assert states(plan) == ["expand written", "backfill waiting", "contract waiting"]
    assert {one["state"] for one in plan["phases"][0]["files"]} == {"not applied"}
    assert plan["command"].startswith("alembic upgrade ")
    assert plan["phases"][2]["gate"]["why"] == "asked once expand is applied"
    assert plan["database"].startswith("shop.db, SQLite 3.")

    upgrade(shop, "+1")
    plan = ask()
    assert states(plan)[0] == "expand partly applied"
    assert plan["next"].startswith("apply the rest of expand")

    upgrade(shop)
    plan = ask()
    assert states(plan) == ["expand applied", "backfill waiting", "contract waiting"]
    assert plan["command"] == f"migwiz next {PLAN}"
    # The backfill is still to come, and its gate is told; it blocks nothing yet.
    assert plan["phases"][2]["gate"]["state"] == "fails"
    assert plan["phases"][2]["gate"]["rows"] == ["1", "2"]
    assert not plan["blocked"]

    assert main(["next", PLAN]) == 0
    upgrade(shop)
    plan = ask("--check")
    gate = plan["phases"][2]["gate"]
    assert (gate["state"], gate["people"]) == ("holds", True)
    assert plan["command"] == f"migwiz next {PLAN} --gate-open"

    assert main(["next", PLAN, "--gate-open"]) == 0
    assert states(ask()) == ["expand applied", "backfill applied", "contract written"]
    upgrade(shop)
    plan = ask(PLAN)
    assert (plan["over"], plan["next"]) == ("finished", "nothing is left to do")
    # And back again: what is taken back is no longer applied.
    alembic_ok(shop, f"sqlite:///{shop}/shop.db", "downgrade", "8c1f2a40d511")
    assert states(ask()) == ["expand written", "backfill written", "contract written"]


def test_a_gate_that_fails_blocks(shop: Path, ask: Ask) -> None:
    upgrade(shop)
    assert main(["next", PLAN]) == 0
    upgrade(shop)
    with sqlite3.connect(shop / "shop.db") as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE orders SET remark = 'drifted' WHERE id = 2")
    plan = ask("--check", code=3)
    assert plan["command"] == f"migwiz backfill run {PLAN}"
    assert plan["blocked"].endswith("the backfill has not filled all rows (row 2)")
    sql(shop, "UPDATE orders SET remark = note")
    assert not ask("--check")["blocked"]


def test_a_gate_that_cannot_be_asked_says_why(shop: Path, ask: Ask) -> None:
    upgrade(shop)
    sql(shop, "DROP TABLE orders")
    gate = ask()["phases"][2]["gate"]
    assert gate["state"] == "unknown"
    assert "no such table" in gate["why"]


def test_a_file_that_was_renamed_is_named_with_what_the_plan_file_needs(
    shop: Path, ask: Ask
) -> None:
    first, second = written(shop)
    other = first.with_name("other.py")
    first.rename(other)
    said = ask()["blocked"]
    now = "migrations/versions/other.py"
    assert f'{first.name} is renamed to {now}: write path = "{now}" in place of' in said
    # Also where it was changed: its revision tells it.
    other.write_text(other.read_text() + "# mine\n")
    assert f"is renamed to {now}" in ask()["blocked"]
    upgrade(shop)
    plan = ask()
    assert not plan["blocked"]
    assert f"is renamed to {now}, and applied: write path" in plan["notes"][0]
    # And the advice holds.
    (path,) = (shop / "migrations" / "plans").glob("*.toml")
    assert path.name in plan["notes"][0]
    path.write_text(path.read_text().replace(f"migrations/versions/{first.name}", now))
    second.rename(shop / "aside.py")
    assert [one["note"] for one in ask()["phases"][0]["files"]] == [
        "changed since it was written",
        "gone",
    ]


def test_files_that_are_gone_or_changed_block_until_they_are_applied(shop: Path, ask: Ask) -> None:
    first, second = written(shop)
    text = first.read_bytes()
    first.write_bytes(text.replace(b"\n", b"\r\n"))
    assert not ask("--check")["blocked"]
    first.write_bytes(text + b"# by hand\n")
    assert "changed since it was written" in ask("--check", code=3)["blocked"]
    second.rename(shop / "aside.py")
    first.write_bytes(text)
    plan = ask()
    assert plan["blocked"].endswith("is gone: take it back from version control")
    (shop / "aside.py").rename(second)
    upgrade(shop)
    first.write_bytes(text + b"# by hand\n")
    plan = ask("--check")
    assert not plan["blocked"]
    assert plan["notes"] == [
        f"migrations/versions/{first.name} is changed since it was written, and applied"
    ]


def test_without_a_database_the_disk_tells_what_it_can(
    shop: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = ask("--offline")
    assert states(plan)[0] == "expand unknown"
    assert "unless that is done" in plan["next"]
    (shop / "shop.db").unlink()
    monkeypatch.delenv("DATABASE_URL")
    plan = ask("--check")
    assert plan["notes"] == ["not connected: say where with --url"]
    assert plan["phases"][2]["gate"]["why"] == "not connected"
    assert plan["command"].startswith("alembic upgrade ")


def test_a_database_that_does_not_answer_blocks_and_no_password_is_told(
    shop: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "postgresql://shop:s3cret@127.0.0.1:1/shop"
    plan = ask("--url", url, "--check", code=3)
    assert plan["blocked"].startswith("not connected: ")
    assert main(["status", "--url", url]) == 0
    said = capsys.readouterr()
    assert "s3cret" not in json.dumps(plan) + said.out + said.err


def test_a_record_that_cannot_be_read_is_unknown(shop: Path, ask: Ask) -> None:
    sql(shop, "DROP TABLE alembic_version", "CREATE TABLE alembic_version (odd TEXT)")
    plan = ask()
    assert states(plan)[0] == "expand unknown"
    assert "the runner's record cannot be read" in plan["notes"][0]
    assert "version_num" in plan["notes"][0]


def test_no_record_yet_means_that_nothing_is_applied(shop: Path, ask: Ask) -> None:
    sql(shop, "DROP TABLE alembic_version")
    assert states(ask())[0] == "expand written"


def test_a_database_of_another_branch_blocks(shop: Path, ask: Ask) -> None:
    sql(shop, "UPDATE alembic_version SET version_num = 'ffff'")
    plan = ask("--check", code=3)
    assert plan["blocked"].startswith("the database is at ffff, which no file here has")


def rewrite(root: Path, change: Callable[[Journal], Journal]) -> None:
    (path,) = (root / "migrations" / "plans").glob("*.toml")
    path.write_text(journals.to_text(change(journals.read(path)), path.read_text()))


def test_an_abandoned_plan_is_over(shop: Path, ask: Ask) -> None:
    gone = Abandoned(at="2026-11-25T10:00:00Z", reason="the column stays", by="undo-rename")
    rewrite(shop, lambda plan: replace(plan, abandoned=gone))
    plan = ask("--check")
    assert plan["over"] == "abandoned"
    assert plan["phases"][-1]["gate"]["why"] == "the plan is abandoned"
    assert plan["next"] == ("abandoned on 2026-11-25: the column stays; undo-rename takes it back")
    assert not plan["command"]


def test_a_forced_gate_is_told_with_its_reason(shop: Path, ask: Ask) -> None:
    forced = Forced(at="2026-11-25T10:00:00Z", reason="we know these rows", rows=("1", "2"))

    def force(plan: Journal) -> Journal:
        *before, last = plan.phases
        return replace(plan, phases=(*before, replace(last, forced=forced)))

    rewrite(shop, force)
    gate = ask()["phases"][-1]["gate"]
    assert (gate["state"], gate["rows"]) == ("forced", ["1", "2"])
    assert gate["why"] == "we know these rows, on 2026-11-25"


def test_a_plan_file_that_does_not_read_hides_no_other(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "migrations" / "plans" / "2026-11-01-broken.toml").write_text("version = 1\n")
    capsys.readouterr()
    assert main(["status"]) == 2
    said = capsys.readouterr()
    assert said.out.startswith(f"{PLAN}   ")
    assert "2026-11-01-broken.toml" in said.err
    assert main(["status", "--format", "json"]) == 2
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    assert [one["code"] for one in document["problems"]] == ["plan-file-broken"]


def test_each_phase_says_its_way_back_and_what_developers_change(
    shop: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = ask()
    assert all(one["way_back"] for one in plan["phases"])
    assert main(["status", "--show", PLAN]) == 0
    text = capsys.readouterr().out
    assert plan["phases"][-1]["snippets"]
    for phase in plan["phases"]:
        for one in phase["snippets"]:
            assert f"    {one['title']}\n      {one['text'].splitlines()[0]}\n" in text


def test_several_projects_in_one_root(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "db" / "migrations").mkdir(parents=True)
    (shop / "Makefile").write_text("up:\n\tdbmate up\n")
    add = ["write", "add-column", "--table", "orders", "--column", "size", "--type", "integer"]
    assert main([*add, "--framework", "sql", "--layout", "dbmate"]) == 0
    upgrade(shop)
    capsys.readouterr()
    assert main(["status", "--format", "json"]) == 0
    found = {one["slug"]: one for one in json.loads(capsys.readouterr().out)["plans"]}
    assert states(found[PLAN])[0] == "expand applied"
    other = found["add-size-to-orders"]
    assert states(other)[0] == "expand written"
    assert other["command"] == "dbmate up"
    sql(
        shop,
        "CREATE TABLE schema_migrations (version TEXT PRIMARY KEY)",
        f"INSERT INTO schema_migrations VALUES ('{other['phases'][0]['files'][0]['revision']}')",
    )
    assert main(["status", "add-size"]) == 0
    assert "finished" in capsys.readouterr().out
    assert main(["status", "nonsense"]) == 2
    assert "there is no plan called nonsense" in capsys.readouterr().err


def test_a_runner_that_was_cut_short_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///shop.db")
    sql(
        tmp_path,
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT)",
        "CREATE TABLE schema_migrations (version bigint, dirty boolean)",
    )
    (tmp_path / "migrations").mkdir()
    (tmp_path / "Makefile").write_text("up:\n\tmigrate -path migrations -database $U up\n")
    assert main(RENAME) == 0
    first, second = [one["revision"] for one in ask()["phases"][0]["files"]][::2]
    sql(tmp_path, f"INSERT INTO schema_migrations VALUES ({second}, true)")
    plan = ask("--check", code=3)
    assert "marked as dirty" in plan["blocked"]
    known = {one["revision"]: one["state"] for one in plan["phases"][0]["files"]}
    assert known == {first: "applied", second: "unknown"}


def test_all_phases_at_once_are_applied_one_after_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    make_alembic_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///shop.db")
    sql(tmp_path, "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT)", ROWS)
    assert main([*RENAME, "--all-phases"]) == 0
    plan = ask()
    last = plan["phases"][0]["files"][-1]["revision"]
    assert plan["command"] == f"alembic upgrade {last}"
    upgrade(tmp_path, last)
    upgrade(tmp_path, ask()["command"].split()[-1])
    plan = ask()
    assert states(plan) == ["expand applied", "backfill applied", "contract written"]
    assert plan["next"].startswith("make sure that ")


def test_a_runner_that_takes_all_that_is_pending_is_not_called_for_one_phase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///shop.db")
    sql(tmp_path, "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT)")
    (tmp_path / "db" / "migrations").mkdir(parents=True)
    (tmp_path / "Makefile").write_text("up:\n\tdbmate up\n")
    assert main([*RENAME, "--all-phases"]) == 0
    plan = ask()
    assert not plan["command"]
    assert "dbmate up would run the files of backfill and contract too" in plan["next"]
    sql(tmp_path, "CREATE TABLE schema_migrations (version TEXT)")
    for phase in plan["phases"][:2]:
        for one in phase["files"]:
            sql(tmp_path, f"INSERT INTO schema_migrations VALUES ('{one['revision']}')")
    assert ask()["command"] == "dbmate up"


# --- as text -----------------------------------------------------------------------------------


def test_a_timeline_that_a_junior_can_read(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upgrade(shop)
    assert main(["next", PLAN]) == 0
    capsys.readouterr()
    assert main(["status"]) == 0
    text = capsys.readouterr().out
    lines = text.splitlines()
    assert lines[0] == f"{PLAN}   rename orders.note to remark"
    assert lines[1].startswith("  ● expand    applied  2 migrations · ")
    assert lines[2] == "  ◐ backfill  written  1 migration · not applied here · after expand"
    assert lines[3].startswith("  ○ contract  waits ")
    assert "(fails: rows 1, 2)" in text
    assert "  next      apply the files of backfill (after expand)" in lines
    assert any(line.startswith("            alembic upgrade ") for line in lines)
    assert "\x1b" not in text


@pytest.mark.parametrize("columns", [30, 60, 80, 200])
def test_it_fits_into_any_terminal(
    shop: Path,
    columns: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    capsys.readouterr()
    assert main(["status"]) == 0
    for line in capsys.readouterr().out.splitlines():
        # Commands are copied, and stay whole.
        assert len(line) <= max(columns, 40) or "alembic upgrade" in line


def test_a_terminal_without_pictures(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    class Ascii:
        encoding = "ascii"

        def __init__(self) -> None:
            self.text = ""

        def write(self, text: str) -> int:
            text.encode("ascii")
            self.text += text
            return len(text)

        def isatty(self) -> bool:
            return True

        def flush(self) -> None:
            """Nothing is kept back."""

    out = Ascii()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["status"]) == 0
    assert "  + expand    written  2 migrations, not applied here" in out.text
    assert "\x1b" not in out.text
    out.text = ""
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "xterm")
    assert main(["status"]) == 0
    assert "\x1b[" in out.text


def test_without_plans_it_says_how_to_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["status"]) == 0
    assert "no plans here yet" in capsys.readouterr().err
    assert main(["status", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"version": 1, "plans": [], "problems": []}


# --- on servers --------------------------------------------------------------------------------


def test_alembic_on_postgresql(
    postgres18: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    make_alembic_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    with postgres18.database() as url:
        monkeypatch.setenv("DATABASE_URL", url)
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE TABLE orders (id serial PRIMARY KEY, note text)")
            connection.execute(ROWS)
            assert main(RENAME) == 0
            assert states(ask())[0] == "expand written"
            alembic_ok(tmp_path, url, "upgrade", "head")
            assert states(ask())[0] == "expand applied"
            assert main(["next", PLAN]) == 0
            alembic_ok(tmp_path, url, "upgrade", "head")
            plan = ask("--check")
            assert states(plan)[-1] == "contract waiting"
            assert plan["phases"][-1]["gate"]["state"] == "holds"
            connection.execute("ALTER TABLE orders DISABLE TRIGGER USER")
            connection.execute("UPDATE orders SET remark = 'drifted' WHERE id = 2")
            assert ask("--check", code=3)["phases"][-1]["gate"]["rows"] == ["2"]
            connection.execute("UPDATE orders SET remark = note")
            assert ask("--check")["phases"][-1]["gate"]["state"] == "holds"
            connection.execute("ALTER TABLE orders DROP COLUMN remark CASCADE")
            assert "remark" in ask()["phases"][-1]["gate"]["why"]


def test_who_may_not_read_the_record_is_told_so(
    postgres18: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    make_alembic_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    with postgres18.database() as url:
        monkeypatch.setenv("DATABASE_URL", url)
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE TABLE orders (id serial PRIMARY KEY, note text)")
            alembic_ok(tmp_path, url, "upgrade", "head")
            assert main(RENAME) == 0
            connection.execute("CREATE ROLE status_reader LOGIN PASSWORD 'r3ader'")
            reader = make_url(url).set(username="status_reader", password="r3ader")
            try:
                plan = ask("--url", reader.render_as_string(hide_password=False))
            finally:
                connection.execute("DROP ROLE status_reader")
    assert states(plan)[0] == "expand unknown"
    assert "permission denied for table alembic_version" in plan["notes"][0]
    assert "r3ader" not in json.dumps(plan)


def test_sql_files_on_mariadb(
    mariadb: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "Makefile").write_text("up:\n\tgoose -dir migrations mysql $U up\n")
    (tmp_path / "migrations" / "001_start.sql").write_text("-- +goose Up\nSELECT 1;\n")
    monkeypatch.chdir(tmp_path)
    with mariadb.database() as url:
        monkeypatch.setenv("DATABASE_URL", url)
        servers.execute(
            url,
            "CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, note varchar(20))",
            ROWS,
        )
        assert main(RENAME) == 0
        plan = ask()
        assert states(plan)[0] == "expand written"
        numbers = {int(one["revision"]) for one in plan["phases"][0]["files"]}
        servers.execute(
            url,
            "CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint, "
            "is_applied boolean)",
            *(
                f"INSERT INTO goose_db_version (version_id, is_applied) VALUES ({one}, true)"
                for one in numbers
            ),
        )
        assert states(ask())[0] == "expand applied"
        assert ask()["phases"][-1]["gate"]["state"] == "unknown"
        servers.execute(
            url,
            f"INSERT INTO goose_db_version (version_id, is_applied) VALUES ({max(numbers)}, false)",
        )
        assert len(numbers) > 1
        assert states(ask())[0] == "expand partly applied"


def test_a_backfill_beside_the_deploy_comes_before_its_file(
    postgres18: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    make_alembic_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    words = ["--table", "orders", "--set", "note = 'none'", "--where", "note IS NULL"]
    with postgres18.database() as url:
        monkeypatch.setenv("DATABASE_URL", url)
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE TABLE orders (id serial PRIMARY KEY, note text)")
            connection.execute(ROWS)
            more = ["--rows", "120M", "--backfill", "runner"]
            assert main(["write", "backfill", *words, *more]) == 0
            slug = "fill-orders-note"
            plan = ask()
            assert plan["command"] == f"migwiz backfill run {slug}"
            assert not plan["blocked"]
            name = connection.info.dbname
            assert main(["backfill", "run", slug, "--confirm", name]) == 0
            assert ask()["command"].startswith("alembic upgrade ")
            run = "UPDATE migwiz_backfills SET state = 'running', holder = 'me'"
            connection.execute(f"{run}, beat_at = extract(epoch FROM now())")
            plan = ask("--check", code=3)
            assert plan["command"] == f"migwiz backfill status {slug}"
            assert "a backfill is at work: running" in plan["blocked"]
            connection.execute(f"{run}, beat_at = extract(epoch FROM now()) - 3600")
            plan = ask()
            assert plan["command"] == f"migwiz backfill run {slug}"
            assert "the backfill is not done: interrupted" in plan["blocked"]
