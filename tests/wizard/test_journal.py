"""Plan files: what they hold, how they bear being edited and merged, and what never gets in."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from projects import make_alembic_project

from wizard import journal as journals
from wizard.cli import main
from wizard.journal import Abandoned, Forced, Journal, JournalFile, TakesBack, read, to_text
from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.model.errors import AcknowledgementError, AnswerError
from wizard.model.names import TableName
from wizard.model.plan import Gate, Snippet
from wizard.model.schema import Dependent
from wizard.session import Environment, Session

OLD = Path(__file__).parent / "plan_files" / "version-1.toml"
SCHEMA = """
CREATE TABLE orders (id bigint PRIMARY KEY, status_code varchar(20) NOT NULL, note text);
CREATE INDEX ix_orders_status_code ON orders (status_code);
"""
SLUG = "rename-orders-status-code"


def session(root: Path, **changed: object) -> Session:
    values = {"table": "orders", "column": "status_code", "to": "status", "how": "sync", **changed}
    operation = OperationAnswers(kind="rename_column", values=freeze(values))  # type: ignore[arg-type]
    answers = Answers(operations=(operation,)).put("rollout.rows", 120_000_000)
    answers = answers.put("database.schema", "schema.sql").put("database.dialect", "postgresql")
    answers = answers.put("database.server_version", "16")
    environment = Environment(
        root=root, environ={}, now=datetime(2026, 11, 23, 10, 20, tzinfo=UTC), seed="test"
    )
    return Session(environment, answers)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    make_alembic_project(tmp_path)
    (tmp_path / "schema.sql").write_text(SCHEMA)
    return tmp_path


@pytest.fixture
def plan(shop: Path) -> Path:
    written = session(shop).write()
    assert written.journal.path is not None
    return written.journal.path


def go_on(root: Path) -> None:
    one = session(root)
    one.write_next(one.resume(SLUG), confirmed=True)


def test_a_file_of_the_first_migwiz_still_reads_and_is_gone_on_with(tmp_path: Path) -> None:
    kept = read(OLD)
    assert [one.name for one in kept.phases] == ["expand", "backfill", "validate", "contract"]
    assert kept.next_phase is not None
    assert kept.next_phase.name == "validate"
    assert kept.phases[0].files[0].revision == "afb41f25d30f"
    make_alembic_project(tmp_path)
    (tmp_path / "schema.sql").write_text(SCHEMA)
    path = tmp_path / "migrations" / "plans" / "2026-11-23-rename-orders-status-code.toml"
    path.parent.mkdir()
    path.write_text(OLD.read_text())
    go_on(tmp_path)
    now = read(path)
    assert now.phases[2].written is not None
    # What was written keeps its lines, as the first migwiz has put them.
    lines = path.read_text().splitlines()
    assert [one for one in OLD.read_text().splitlines() if one not in lines] == []


def test_it_says_who_does_what_for_each_deploy(plan: Path) -> None:
    kept = read(plan)
    first, last = kept.phases[0], kept.phases[-1]
    assert first.migrations == "the deploy runs them before the new code starts"
    assert last.name == "contract"
    assert {one.title for one in last.snippets} >= {"Django", "SeaORM"}
    assert any("status" in one.text for one in last.snippets)


ODD = "a\\b \"c\" '''d''' \"\"\"e\n\n  f\t\\\n"


def whole(path: Path) -> Journal:
    kept = read(path)
    first, *others = kept.phases
    first = replace(
        first,
        snippets=(Snippet(phase="expand", title=ODD, text=ODD),),
        way_back=ODD,
        gate=Gate(text=ODD, query=ODD, people=False),
        forced=Forced(at="2026-11-23T10:20:00Z", reason=ODD, rows=("7", ODD)),
        late=("add_an_index",),
    )
    return replace(
        kept,
        phases=(first, *others),
        abandoned=Abandoned(at="2026-11-23T10:20:00Z", reason=ODD, by="abandon-x"),
        takes_back=TakesBack(plan="x", phases=("expand", "backfill")),
    )


def test_all_that_it_can_hold_comes_back(plan: Path, tmp_path: Path) -> None:
    kept = whole(plan)
    path = tmp_path / "again.toml"
    path.write_text(to_text(kept))
    assert replace(read(path), path=plan) == kept
    # And put into a file that held less.
    path.write_text(to_text(kept, plan.read_text()))
    assert replace(read(path), path=plan) == kept
    # And taken out again.
    path.write_text(to_text(read(plan), to_text(kept)))
    assert replace(read(path), path=plan) == read(plan)


def test_writing_what_is_there_changes_no_byte(plan: Path) -> None:
    text = plan.read_text()
    assert to_text(read(plan), text) == text


def test_what_people_added_survives_the_next_phase(shop: Path, plan: Path) -> None:
    text = plan.read_text()
    text = text.replace("version = 1", "# Ask Ann before contract.\nversion    = 1")
    text = text.replace('name = "contract"', 'name = "contract"   # not on a Friday')
    text = text.replace('status = "waiting"', "status = 'waiting'")
    plan.write_text(text)
    go_on(shop)
    now = plan.read_text()
    assert "# Ask Ann before contract.\nversion    = 1\n" in now
    assert 'name = "contract"   # not on a Friday\n' in now
    assert now.count("status = 'waiting'") == 2
    changed = [one for one in text.splitlines() if one not in now.splitlines()]
    assert changed == []
    assert read(plan).phases[1].written is not None


def test_a_windows_file_stays_one(shop: Path, plan: Path) -> None:
    plan.write_bytes(b"\xef\xbb\xbf" + plan.read_bytes().replace(b"\n", b"\r\n"))
    go_on(shop)
    now = plan.read_bytes()
    assert now.startswith(b"\xef\xbb\xbf")
    assert now.count(b"\r\n") == now.count(b"\n")
    assert read(plan).phases[1].written is not None


def test_two_branches_merge(shop: Path, plan: Path, tmp_path: Path) -> None:
    base = plan.read_text()
    go_on(shop)
    theirs = base.replace(
        "a release later", "a release later, and not before the audit of December"
    )
    for name, text in (("base", base), ("ours", plan.read_text()), ("theirs", theirs)):
        (tmp_path / name).write_text(text)
    subprocess.run(["git", "merge-file", "ours", "base", "theirs"], cwd=tmp_path, check=True)
    plan.write_text((tmp_path / "ours").read_text())
    merged = read(plan)
    assert merged.phases[1].written is not None
    assert "audit" in merged.phases[3].when


def why(path: Path) -> str:
    with pytest.raises(AnswerError) as caught:
        read(path)
    assert caught.value.code == "plan-file-broken"
    assert path.name in caught.value.message
    return caught.value.why


def test_marks_of_a_merge_are_told_from_other_faults(plan: Path) -> None:
    lines = plan.read_text().splitlines()
    at = lines.index('status = "waiting"')
    lines[at : at + 1] = ["<<<<<<< HEAD", 'status = "written"', "=======", lines[at], ">>>>>>> b"]
    plan.write_text("\n".join(lines))
    assert why(plan) == f"line {at + 1} is a mark of an unfinished merge: <<<<<<< HEAD"


def test_the_line_that_is_no_toml_is_named(plan: Path) -> None:
    lines = plan.read_text().splitlines()
    at = lines.index('name = "contract"')
    lines[at] = "name = contract"
    plan.write_text("\n".join(lines))
    assert f"line {at + 1}" in why(plan)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version = 1", "version = 2", "version: is 2, this migwiz reads version 1"),
        ('dialect = "postgresql"\n', "", "dialect: is missing; expected a text"),
        ("\ntitle =", "\ntitel =", "titel: there is no such key; did you mean title?"),
        (
            'name = "backfill"',
            'name = "backfil"',
            "phase 2, name: expected one of expand, backfill, validate, switch, contract, found "
            "'backfil'; did you mean backfill?",
        ),
        (
            'when = "after expand"',
            "when = 2026-11-23",
            "phase 2, when: expected a text, found datetime.date(2026, 11, 23)",
        ),
        (
            "gate_query =",
            "gate_querry =",
            "phase 3, gate_querry: there is no such key; did you mean gate_query?",
        ),
        (
            "gate_needs_people = false",
            "gate_needs_people = 'no'",
            "phase 3, gate_needs_people: expected true or false, found 'no'",
        ),
        (
            'status = "waiting"',
            'status = "written"',
            "phase 2, status: says written, but `written` is missing; expected both to say the same",
        ),
        (
            'name = "validate"',
            'name = "contract"',
            "phase: they are expand, backfill, contract, contract; expected each once, in the order "
            "expand, backfill, validate, switch, contract",
        ),
        (
            'path = "migrations/',
            'path = "../migrations/',
            "phase 1, file 1, path: expected a path below the project, found ",
        ),
        (
            "nullable = false",
            'nullable = "no"',
            "before, table 1 (orders): columns 1, nullable: expected true or false, found 'no'",
        ),
        (
            "nullable = false",
            "nulable = false",
            "before, table 1 (orders): columns 1, nulable: there is no such key; did you mean nullable?",
        ),
        ('kind = "primary key"', 'kind = "main key"', "before, table 1 (orders): constraints 1: "),
        ("rows = 120000000", "row = 1", "answers: "),
    ],
)
def test_a_slip_of_the_hand_is_named(plan: Path, old: str, new: str, told: str) -> None:
    text = plan.read_text()
    assert old in text
    plan.write_text(text.replace(old, new, 1))
    assert why(plan).startswith(told)


def test_a_plan_of_a_newer_migwiz_is_not_to_be_mended_by_hand(plan: Path) -> None:
    plan.write_text(plan.read_text().replace("version = 1", "version = 2", 1))
    with pytest.raises(AnswerError) as caught:
        journals.read(plan)
    assert caught.value.next_actions == ("a newer migwiz has written it: install that one",)


def test_one_broken_file_hides_no_other(shop: Path, plan: Path) -> None:
    (plan.parent / "2026-11-24-other.toml").write_text("version = \n")
    found = journals.find([plan.parent])
    assert [one.slug for one in found.plans] == [SLUG]
    assert ["2026-11-24-other.toml" in one.message for one in found.problems] == [True]
    one = session(shop)
    assert len(one.journals()) == len(one.plan_problems()) == 1
    go_on(shop)
    with pytest.raises(AnswerError, match=r"2026-11-24-other\.toml"):
        one.resume("other")


SECRET = "postgresql://app:hunter2@db.example.org/shop"


def test_no_password_gets_in(plan: Path) -> None:
    kept = read(plan)
    first, *others = kept.phases
    first = replace(
        first,
        when=f"when {SECRET} answers",
        snippets=(Snippet(phase="expand", title="Django", text=f"DATABASE = {SECRET!r}"),),
        gate=Gate(text=f"{SECRET} is the only one", people=True),
        forced=Forced(at="2026-11-23T10:20:00Z", reason=SECRET, rows=(SECRET,)),
        files=(JournalFile(path="a.py", revision="1", sha256="0"),),
    )
    told = to_text(replace(kept, phases=(first, *others)))
    assert "hunter2" not in told
    assert told.count("app:***@db.example.org") == 5


@pytest.mark.parametrize("place", ["answers, operation, to", "phase, gate_query", "before, table"])
def test_a_password_in_what_is_planned_from_is_refused(plan: Path, place: str) -> None:
    kept = read(plan)
    first, *others = kept.phases
    query = replace(first, gate=Gate(text="a", query=f"SELECT '{SECRET}'"))
    view = Dependent(kind="view", name="v", definition=(f"SELECT dblink('{SECRET}')",))
    operation = kept.answers.operations[0].put("to", SECRET)
    changed = {
        "answers, operation, to": replace(kept, answers=kept.answers.with_operation(operation)),
        "phase, gate_query": replace(kept, phases=(query, *others)),
        "before, table": replace(
            kept, tables=tuple(replace(one, dependents=(view,)) for one in kept.tables)
        ),
    }[place]
    with pytest.raises(AcknowledgementError) as caught:
        to_text(changed)
    assert caught.value.code == "secret-in-plan"
    assert place in caught.value.message
    assert "hunter2" not in caught.value.message


def test_a_column_called_password_is_no_secret(shop: Path) -> None:
    (shop / "schema.sql").write_text(
        "CREATE TABLE orders (id bigint PRIMARY KEY, status_code text CHECK (status_code <> ''),"
        " password text DEFAULT 'password = x', home text DEFAULT 'http://example.org:80/@me');"
    )
    one = session(shop, column="password", to="secret")
    assert one.write().journal.slug == "rename-orders-password"


def test_the_url_of_an_answer_stays_out(shop: Path) -> None:
    one = session(shop)
    journal = journals.begin(
        one.plan(),
        one.answers.put("database.url", SECRET),
        project=one.project(),
        dialect="postgresql",
        server_version="16",
        tables=(one.table(TableName("orders")),),
        types=(),
        now=datetime(2026, 11, 23, tzinfo=UTC),
    )
    assert "hunter2" not in to_text(journal)
    assert "url" not in to_text(journal)


def test_files_are_there_changed_or_gone(shop: Path, plan: Path) -> None:
    files = read(plan).phases[0].files
    first, second = (shop / one.path for one in files)
    assert [one.state for one in journals.check_files(files, shop)] == ["unchanged"] * 2
    first.write_bytes(first.read_bytes().replace(b"\n", b"\r\n"))
    second.unlink()
    assert [one.state for one in journals.check_files(files, shop)] == ["unchanged", "gone"]
    first.write_text(first.read_text() + "# mine\n")
    assert [one.state for one in journals.check_files(files, shop)] == ["changed", "gone"]


def test_a_renamed_file_is_found_by_its_content_or_its_revision(shop: Path, plan: Path) -> None:
    files = read(plan).phases[0].files
    path = shop / files[0].path
    here = path.with_name(f"mine{path.suffix}")
    text = path.read_text()
    # What another plan's file says of it does not make it the same.
    path.with_name(f"theirs{path.suffix}").write_text(f'down_revision = "{files[0].revision}"\n')
    path.unlink()
    assert journals.check_files(files, shop)[0].moved == ""
    here.write_text(text.replace("\n", "\r\n"))
    assert journals.check_files(files, shop)[0].moved == here.relative_to(shop).as_posix()
    here.write_text(text + "# mine\n")
    assert journals.check_files(files, shop)[0].moved == here.relative_to(shop).as_posix()
    # Two that could be it are for people to tell apart.
    path.with_name(f"copy{path.suffix}").write_text(text + "# copied\n")
    assert journals.check_files(files, shop)[0].moved == ""


def test_plans_lie_where_the_team_wants_them(shop: Path) -> None:
    (shop / ".migwiz.toml").write_text('# ours\n[plans]\nfolder = "docs/plans"  # all of them\n')
    written = session(shop).write()
    assert written.journal.path == shop / "docs" / "plans" / f"2026-11-23-{SLUG}.toml"
    go_on(shop)
    (only,) = (shop / "docs" / "plans").glob("*.toml")
    assert read(only).phases[1].written is not None
    # A choice of the project is kept beside it.
    other = session(shop, column="note", to="remark")
    other.put("project.directory", "migrations/versions")
    (shop / "api").mkdir()
    make_alembic_project(shop / "api")
    other.write()
    text = (shop / ".migwiz.toml").read_text()
    assert text.startswith('# ours\n[plans]\nfolder = "docs/plans"  # all of them\n')
    assert 'directory = "migrations/versions"' in text


@pytest.mark.parametrize(
    "told", ["'../plans'", "'/tmp'", "'.'", "7", "''", "'schema.sql'", "'out/plans'"]
)
def test_plans_never_leave_the_root(shop: Path, told: str, tmp_path_factory: object) -> None:
    (shop / "out").symlink_to("/tmp")
    (shop / ".migwiz.toml").write_text(f"[plans]\nfolder = {told}\n")
    with pytest.raises(AnswerError) as caught:
        session(shop).write()
    assert caught.value.code == "bad-memory"
    assert ".migwiz.toml" in caught.value.message
    assert "[plans] folder" in caught.value.why


def test_the_command_says_where_the_fault_is(
    shop: Path, plan: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(shop)
    plan.write_text(plan.read_text().replace("gate_query =", "gate_querry ="))
    assert main(["next", SLUG]) == 2
    said = capsys.readouterr().err
    assert plan.name in said
    assert "phase 3, gate_querry" in said
    assert "migwiz explain plan-file-broken" in said
