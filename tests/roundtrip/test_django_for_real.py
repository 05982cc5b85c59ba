"""Generated files run up, down and up again by the real Django on real servers.

After each direction the schema is compared with what it was, and at the end, with the models
changed as the files tell, `makemigrations --check` must find nothing to do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django_projects import MODELS, django_ok, make_django_project
from servers import TestServer, connected

from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.model.schema import Schema, comparable
from wizard.session import Environment, Session

NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """A change, and what a developer then writes in models.py: texts to replace by others."""

    values: dict[str, object]
    models: tuple[tuple[str, str], ...] = ()
    #: What stands in the files on PostgreSQL.
    shows: tuple[str, ...] = ()
    engines: tuple[str, ...] = ("postgresql", "mariadb", "sqlite")
    rollout: dict[str, object] = field(default_factory=dict)


_NOTE = "    note = models.CharField(max_length=100, null=True)\n"
_TOTAL = "    total = models.DecimalField(max_digits=10, decimal_places=2, null=True)\n"
_INDEX = '        indexes = [models.Index(fields=["status", "-total"], name="ix_orders_status")]\n'
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
        ("RemoveIndexConcurrently(",),
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
    "change_type": Case(
        {"table": "orders", "column": "total", "type": "numeric(14,4)"},
        ((_TOTAL, _TOTAL.replace("10", "14").replace("2", "4")),),
    ),
    "backfill": Case(
        {"table": "orders", "set": {"note": "'none'"}, "where": "note IS NULL"},
        (), ("elidable=True", "atomic = False"),
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


@pytest.mark.parametrize(("name", "engine"), RUNS)
def test_up_down_up_and_nothing_left_to_make(
    name: str, engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    case = CASES[name]
    root = make_django_project(tmp_path / "project")
    with database(engine, request, tmp_path) as url:
        django_ok(root, url, "migrate", "makemigrations --check --dry-run")
        fill(url)
        kind = str(case.values.get("kind", name))
        values = {key: value for key, value in case.values.items() if key != "kind"}
        answers = Answers(
            operations=(OperationAnswers(kind=kind, values=freeze(values)),)  # type: ignore[arg-type]
        )
        answers = answers.put("rollout.rows", 120_000_000).put("database.url", url)
        session = Session(
            Environment(root=root, environ={"DATABASE_URL": url}, now=NOW, seed="test"),
            answers,
            accepted=["all"],
        )
        try:
            before = schema(session)
            written = session.write(all_phases=True)
            made = [one for one in written.edits if one.revision]
            texts = "\n".join(one.content for one in made)
            assert engine != "postgresql" or all(one in texts for one in case.shows), texts
            last = made[-1].path.stem
            assert written.commands.apply == f"python manage.py migrate shop {last}"
            assert written.commands.revert == "python manage.py migrate shop 0001_initial"
            up, down = (
                one.removeprefix("python manage.py ")
                for one in (written.commands.apply, written.commands.revert)
            )
            django_ok(root, url, up)
            after = schema(session)
            assert after != before or kind == "backfill"
            django_ok(root, url, down)
            assert schema(session) == before
            django_ok(root, url, up)
            assert schema(session) == after
        finally:
            session.disconnect()
        models = MODELS
        for old, new in case.models:
            assert old in models
            models = models.replace(old, new)
        (root / "shop" / "models.py").write_text(models)
        django_ok(root, url, "makemigrations --check --dry-run --verbosity 3")
