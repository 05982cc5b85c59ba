"""Generated files run up, down and up again by the real Django on real servers.

After each direction the schema is compared with what it was, and at the end, with the models
changed as the files tell, `makemigrations --check` must find nothing to do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django_projects import MODELS, django_ok, make_django_project, run_django
from recorded import recorded, revisions
from servers import TestServer, connected

from generators.base import Job
from generators.django import GENERATOR
from wizard.dialects import dialect
from wizard.dialects.base import Size
from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.model.plan import Change, Migration
from wizard.model.schema import Schema, comparable
from wizard.model.steps import Impossible, Nothing
from wizard.session import Environment, Session

CHECK = "makemigrations --check --dry-run --verbosity 3"
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """A change, and what a developer then writes in models.py: texts to replace by others."""

    values: dict[str, object]
    models: tuple[tuple[str, str], ...] = ()
    #: What stands in the files on PostgreSQL.
    shows: tuple[str, ...] = ()
    engines: tuple[str, ...] = ("postgresql", "mariadb", "sqlite")


_NOTE = "    note = models.CharField(max_length=100, null=True)\n"
_TOTAL = "    total = models.DecimalField(max_digits=10, decimal_places=2, null=True)\n"
_INDEX = '        indexes = [models.Index(fields=["status", "-total"], name="ix_orders_status")]\n'
_STATUS = '    status = models.CharField(max_length=20, default="new")\n'
_BILLING = "    billing_id = models.BigIntegerField(null=True)\n"
CASES = {
    "add_column": Case(
        {"table": "orders", "column": "currency", "type": "varchar(3)", "nullable": False,
         "default": "'EUR'"},
        ((_NOTE, _NOTE + '    currency = models.CharField(max_length=3, db_default="EUR")\n'),),
        ("migrations.AddField(", "SET LOCAL lock_timeout"),
    ),
    "add_column key": Case(
        {"kind": "add_column", "table": "orders", "column": "agent_id", "type": "bigint",
         "references": {"table": "shop_customer", "columns": ["id"]}},
        ((_NOTE, _NOTE + "    agent = models.ForeignKey(Customer, on_delete=models.PROTECT,\n"
          '        null=True, blank=True, related_name="+")\n'),),
        engines=("postgresql", "mariadb"),
    ),
    "drop_column": Case(
        {"table": "orders", "column": "note", "archive": "none"}, ((_NOTE, ""),),
        ("migrations.RemoveField(",),
    ),
    "add_index": Case(
        {"table": "orders", "columns": ["billing_id", "status desc"], "name": "ix_orders_billing"},
        ((_INDEX, _INDEX.replace(
            ")]", '), models.Index(fields=["billing_id", "-status"], name="ix_orders_billing")]')),),
        ("AddIndexConcurrently", "atomic = False"),
    ),
    "drop_index": Case(
        {"table": "orders", "name": "ix_orders_status"}, ((_INDEX, ""),),
        ("RemoveIndexConcurrently(",), engines=("postgresql", "mariadb"),
    ),
    "add_unique": Case(
        {"table": "shop_customer", "columns": ["name"], "name": "uq_customer_name"},
        (("    rating = models.IntegerField(null=True)\n",
          "    rating = models.IntegerField(null=True)\n\n    class Meta:\n        constraints = ["
          'models.UniqueConstraint(fields=["name"], name="uq_customer_name")]\n'),),
        ("USING INDEX",),
    ),
    "add_check": Case(
        {"table": "orders", "expression": "billing_id > 0", "name": "ck_orders_billing"},
        (("        constraints = [\n", "        constraints = [\n            models.CheckConstraint("
          'condition=models.Q(billing_id__gt=0), name="ck_orders_billing"),\n'),),
        ("AddConstraintNotValid(", "ValidateConstraint("),
    ),
    "add_foreign_key": Case(
        {"table": "orders", "columns": ["billing_id"], "ref_table": "shop_customer",
         "name": "fk_orders_billing"},
        ((_BILLING, "    billing = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, "
          'related_name="+")\n'),),
        ("NOT VALID", "ValidateConstraint("),
    ),
    "set_not_null": Case(
        {"table": "shop_customer", "column": "email", "fill": "'it''s 100%'"},
        (("EmailField(null=True, max_length=200)", "EmailField(max_length=200)"),),
        ("migrations.AlterField(", "elidable=True"),
    ),
    "rename_column": Case(
        {"table": "orders", "column": "note", "to": "remark", "how": "sync"},
        ((_NOTE, _NOTE.replace("note", "remark")),),
        ("migrations.RenameField(",),
    ),
    "rename_column key": Case(
        {"kind": "rename_column", "table": "shop_customer", "column": "id", "to": "number",
         "how": "sync"},
        (("class Customer(models.Model):\n", "class Customer(models.Model):\n"
          "    number = models.BigAutoField(primary_key=True)\n"),),
        ("RenameField(",), engines=("postgresql",),
    ),
    "split_column": Case(
        {"table": "orders", "column": "note", "back": "head || tail",
         "into": "head varchar(5) = substr(note, 1, 1), tail text = substr(note, 2)"},
        ((_NOTE, "    head = models.CharField(max_length=5, null=True, blank=True)\n"
          "    tail = models.TextField(null=True, blank=True)\n"),),
        ("migrations.RemoveField(", "migrations.AddField("), engines=("sqlite",),
    ),
    "merge_columns": Case(
        {"table": "orders", "columns": ["note", "status"], "to": "remark", "type": "varchar(130)",
         "expression": "concat(coalesce(note, '-'), '/', status)", "nullable": False,
         "back": {"note": "nullif(substr(remark, 1, position('/' in remark) - 1), '-')",
                  "status": "substr(remark, position('/' in remark) + 1)"}},
        ((_NOTE, "    remark = models.CharField(max_length=130)\n"),
         (_STATUS, ""), (_INDEX, "")),
        ("migrations.RemoveField(", "migrations.AddField("), engines=("postgresql",),
    ),
    "rename_column direct": Case(
        {"kind": "rename_column", "table": "orders", "column": "total", "to": "amount",
         "how": "direct"},
        ((_TOTAL, _TOTAL.replace("total", "amount")), ('"-total"', '"-amount"'),
         ("total__gte", "amount__gte")),
        engines=("postgresql", "sqlite"),
    ),
    "change_type": Case(
        {"table": "orders", "column": "total", "type": "numeric(14,4)"},
        ((_TOTAL, _TOTAL.replace("10", "14").replace("2", "4")),),
    ),
    "backfill": Case(
        {"table": "orders", "set": {"note": "'none'"}, "where": "note IS NULL"},
        (), ("elidable=True", "atomic = False"), engines=("postgresql", "mariadb"),
    ),
    "create_table": Case(
        {"table": "shop_invoice", "columns": "id bigint identity, number varchar(20) required, "
         "customer_id bigint required references shop_customer", "indexes": "(number desc)"},
        (("class Order(", "class Invoice(models.Model):\n"
          "    number = models.CharField(max_length=20)\n"
          "    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)\n\n"
          "    class Meta:\n        indexes = [models.Index(fields=[\"-number\"], "
          "name=\"ix_shop_invoice_number\")]\n\n\nclass Order("),),
        ("migrations.CreateModel(",), engines=("postgresql", "mariadb"),
    ),
    "set_default": Case(
        {"table": "orders", "column": "note", "default": "'none'"},
        ((_NOTE, _NOTE.replace("null=True", 'null=True, db_default="none"')),),
        engines=("postgresql",),
    ),
}  # fmt: skip
RUNS = [
    pytest.param(name, engine, id=f"{name}-{engine}")
    for name, case in CASES.items()
    for engine in case.engines
]


@contextmanager
def database(engine: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'shop.db'}"
        return
    server: TestServer = request.getfixturevalue(
        {"postgresql": "postgres18", "mariadb": "mariadb"}[engine]
    )
    with server.database() as url:
        yield url


def schema(session: Session) -> Schema:
    session.disconnect()
    found = [session.table(one.name) for one in session.tables()]
    session.disconnect()
    return comparable(Schema(tables=tuple(found)))


ROWS = (
    "INSERT INTO shop_customer (email, name, rating) VALUES ('a@example.org', 'a', 1)",
    "INSERT INTO shop_customer (email, name, rating) VALUES (NULL, 'b', NULL)",
    "INSERT INTO orders (customer_id, billing_id, status, note, total) "
    "SELECT 1, 1, 'new', NULL, 12.5 UNION ALL SELECT 1, NULL, 'paid', 'n', NULL",
)


def fill(url: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            for one in ROWS:
                file.execute(one)
            file.commit()
        return
    if url.startswith("postgresql"):
        with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
            for one in ROWS:
                connection.execute(one.encode())
        return
    with connected(url) as cursor:
        for one in ROWS:
            cursor.execute(one)


def session_for(root: Path, url: str, name: str, values: dict[str, object]) -> Session:
    kind = str(values.get("kind", name))
    given = {key: value for key, value in values.items() if key != "kind"}
    operation = OperationAnswers(kind=kind, values=freeze(given))  # type: ignore[arg-type]
    answers = Answers(operations=(operation,)).put("rollout.rows", 120_000_000)
    if given.get("how") == "direct":
        answers = answers.put("rollout.deployment", "maintenance")
    environment = Environment(root=root, environ={"DATABASE_URL": url}, now=NOW, seed="test")
    return Session(environment, answers.put("database.url", url), accepted=["all"])


def change_models(root: Path, *changes: tuple[str, str]) -> None:
    models = MODELS
    for old, new in changes:
        assert old in models
        models = models.replace(old, new)
    (root / "shop" / "models.py").write_text(models)


@pytest.mark.parametrize(("name", "engine"), RUNS)
def test_up_down_up_and_nothing_left_to_make(
    name: str, engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    case = CASES[name]
    root = make_django_project(tmp_path / "project")
    with database(engine, request, tmp_path) as url:
        django_ok(root, url, "migrate")
        fill(url)
        session = session_for(root, url, name, case.values)
        before = schema(session)
        written = session.write(all_phases=True)
        made = [one for one in written.edits if one.revision]
        texts = "\n".join(one.content for one in made)
        assert engine != "postgresql" or all(one in texts for one in case.shows), texts
        up, down = (
            one.removeprefix("python manage.py ")
            for one in (written.commands.apply, written.commands.revert)
        )
        assert up == f"migrate shop {made[-1].path.stem}"
        assert down == "migrate shop 0001_initial"
        project = session.project()
        assert recorded(GENERATOR, project, url, made, root) == []
        django_ok(root, url, up)
        assert recorded(GENERATOR, project, url, made, root) == revisions(made)
        after = schema(session)
        assert after != before or name == "backfill"
        django_ok(root, url, down)
        assert schema(session) == before
        assert recorded(GENERATOR, project, url, made, root) == []
        change_models(root, *case.models)
        django_ok(root, url, up, CHECK)
        assert schema(session) == after


def test_each_phase_reads_what_the_ones_before_have_left(tmp_path: Path) -> None:
    case = CASES["rename_column"]
    root = make_django_project(tmp_path / "project")
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    django_ok(root, url, "migrate")
    fill(url)
    session = session_for(root, url, "rename_column", case.values)
    written = session.write()
    while True:
        before_last = written
        django_ok(root, url, written.commands.apply.removeprefix("python manage.py "))
        if written.journal.next_phase is None:
            break
        # Until the last phase nothing changes in the models.
        django_ok(root, url, CHECK)
        session.forget()
        written = session.write_next(session.resume(written.journal.slug), confirmed=True)
    assert any("RenameField(" in one.content for one in before_last.edits)
    change_models(root, *case.models)
    django_ok(root, url, CHECK)
    session.disconnect()


@pytest.mark.parametrize("left", ["invalid", "valid"])
def test_an_index_build_that_was_cut_short_is_run_again(
    left: str, postgres18: TestServer, tmp_path: Path
) -> None:
    root = make_django_project(tmp_path / "project")
    with postgres18.database() as url:
        django_ok(root, url, "migrate")
        session = session_for(root, url, "add_index", CASES["add_index"].values)
        written = session.write()
        session.disconnect()
        with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
            connection.execute("CREATE INDEX ix_orders_billing ON orders (billing_id, status DESC)")
            if left == "invalid":
                connection.execute(
                    "UPDATE pg_index SET indisvalid = false "
                    "WHERE indexrelid = 'ix_orders_billing'::regclass"
                )
            django_ok(root, url, written.commands.apply.removeprefix("python manage.py "))
            (valid,) = connection.execute(
                "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_orders_billing'::regclass"
            ).fetchone() or (None,)
            assert valid


def test_a_way_back_that_is_none_says_why(tmp_path: Path) -> None:
    root = make_django_project(tmp_path / "project")
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    django_ok(root, url, "migrate")
    change = Change(step=Nothing(reason="x"), undo=(Impossible(reason="gone: 100%"),))
    job = Job(
        title="no way back",
        plan_slug="no-way-back",
        migrations=(("expand", Migration(slug="go", title="go", changes=(change,))),),
        dialect=dialect("sqlite", (3, 40)),
        sizes=lambda _: Size(),
        now=NOW,
        new_id=lambda digits: "0" * digits,
    )
    for edit in GENERATOR.render(GENERATOR.detect(root)[0], job):
        edit.path.write_text(edit.content)
    django_ok(root, url, "migrate")
    done = run_django(root, url, "migrate shop 0001_initial")
    assert done.returncode == 1
    assert "IrreversibleError: gone: 100%" in done.stderr
