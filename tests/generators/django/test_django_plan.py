"""The plan of a change in a Django project tells what its models will say."""

from __future__ import annotations

from pathlib import Path

from django_kit import NOW, shop, write

from wizard.model.answers import Answers, OperationAnswers
from wizard.report import plan_text
from wizard.session import Environment, Session

SCHEMA = """
CREATE TABLE shop_customer (id bigserial PRIMARY KEY, email varchar(200), name varchar(200));
CREATE TABLE orders (id bigserial PRIMARY KEY, billing_id bigint, status varchar(20), total numeric);
"""


def session(root: Path) -> Session:
    write(root / "schema.sql", SCHEMA)
    operation = OperationAnswers(
        kind="set_not_null", values={"table": "shop_customer", "column": "email", "fill": "''"}
    )
    answers = Answers(operations=(operation,)).put("database.schema", "schema.sql")
    answers = answers.put("database.dialect", "postgresql").put("database.server_version", "16")
    return Session(Environment(root=root, environ={}, now=NOW, seed="test"), answers)


def test_the_plan_tells_the_change_of_the_models(tmp_path: Path) -> None:
    shop(tmp_path)
    one = session(tmp_path)
    plan = one.told(one.plan())
    (snippet,) = [
        each for each in plan.snippets if (each.title, each.phase) == ("Django", "validate")
    ]
    assert snippet.text == "Customer: email = models.EmailField(max_length=200)"
    assert snippet.text in " ".join(plan_text(one, plan).split())


def test_without_a_project_the_plan_stays_as_it_is(tmp_path: Path) -> None:
    one = session(tmp_path)
    assert one.told(one.plan()) is one.plan()
