"""Generated files run up, down and up again by the real Alembic on a real MariaDB and MySQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cases import CASES as ALL
from projects import alembic_ok, make_alembic_project
from servers import TestServer, connected

from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.model.schema import Schema, comparable
from wizard.session import Environment, Session

SHOP = (
    "CREATE TABLE customers (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(200), "
    "name varchar(200) NOT NULL COMMENT 'it''s 100% :sure', rating int)",
    "CREATE TABLE orders (id bigint AUTO_INCREMENT PRIMARY KEY, customer_id bigint NOT NULL, "
    "billing_id bigint, status_code varchar(20) NOT NULL DEFAULT 'new', note text, "
    "mood enum('fine','it''s bad','awful') NOT NULL DEFAULT 'fine' COMMENT '100% :x', "
    "total decimal(10,2), created_at datetime DEFAULT current_timestamp(), "
    "KEY ix_orders_customer_id (customer_id), KEY ix_orders_status (status_code, created_at), "
    "CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id))",
    "INSERT INTO customers (email, name, rating) SELECT IF(seq % 3 = 0, NULL, "
    "concat('c', seq, '@example.org')), concat('c', seq), seq % 5 FROM seq_1_to_700",
    "INSERT INTO orders (customer_id, billing_id, note, total) SELECT seq % 700 + 1, "
    "IF(seq % 4 = 0, NULL, seq % 700 + 1), IF(seq % 2 = 0, NULL, concat('note ', seq)), seq "
    "FROM seq_1_to_2500",
    "UPDATE orders SET mood = 'it''s bad' WHERE id % 3 = 0",
    "CREATE TABLE visits (id bigint, page varchar(200) NOT NULL, UNIQUE KEY ix_visits (page, id), "
    "CONSTRAINT ck_visits_page CHECK (page <> ''))",
    "CREATE TABLE places (code varchar(20), room int, PRIMARY KEY (code, room))",
    "INSERT INTO visits SELECT seq, concat('page ', seq % 9) FROM seq_1_to_900",
    "INSERT INTO places SELECT concat('a', seq), seq % 3 FROM seq_1_to_90",
)
CASES: dict[str, dict[str, object]] = {
    "add_column": {
        "table": "orders",
        "column": "currency",
        "type": "varchar(3)",
        "nullable": False,
        "default": "'EUR'",
        "comment": "100% :x it's",
    },
    "add_index": {"table": "orders", "columns": ["status_code", "total desc"]},
    "add_unique": {"table": "customers", "columns": ["name"]},
    "add_foreign_key": {"table": "orders", "columns": ["billing_id"], "ref_table": "customers"},
    "add_check": {"table": "orders", "expression": "total > 0 OR note LIKE '100%'"},
    "set_not_null": {"table": "customers", "column": "email", "fill": "''"},
    "drop_not_null": {"table": "customers", "column": "name"},
    "set_default": {"table": "orders", "column": "status_code", "default": "'it''s 100%'"},
    "drop_default": {"table": "orders", "column": "status_code"},
    "drop_index": {"table": "orders", "name": "ix_orders_status"},
    "drop_constraint": {"table": "orders", "name": "orders_customer_id_fkey"},
    # The index of this column serves its foreign key, which the engine guards.
    "rename_column": {"table": "orders", "column": "customer_id", "to": "buyer_id", "how": "sync"},
    "rename_table": {"table": "orders", "to": "purchases", "how": "view"},
    "split_column": dict(ALL["split_column"].engines["mariadb"]),
    "merge_columns": dict(ALL["merge_columns"].engines["mariadb"]),
    "move_column": dict(ALL["move_column"].example),
    "drop_column": {"table": "orders", "column": "total", "archive": "table"},
    "rename_index": {"table": "orders", "name": "ix_orders_status", "to": "ix 100% `odd`"},
    "create_table": {
        "table": "invoices",
        "columns": "id bigint identity, number varchar(20) required unique default 'it''s 100% :x', "
        "customer_id bigint required references customers on delete cascade, "
        "order_id bigint references orders, mood enum('fine','bad') comment 'felt'",
        "constraints": "check (number <> '')",
        "indexes": "(mood, number desc)",
    },
    "drop_table": {"table": "orders"},
    "add_enum_value": {"table": "orders", "column": "mood", "value": "100% :so 'so'"},
    "rename_enum_value": {
        "table": "orders",
        "column": "mood",
        "value": "it's bad",
        "to": "poor",
        "how": "add",
    },
    "drop_enum_value": {"table": "orders", "column": "mood", "value": "awful"},
    "add_primary_key": {"table": "visits", "columns": ["id", "page"]},
    "drop_constraint primary key": {"table": "places", "name": "PRIMARY"},
    "alter_check": {
        "table": "visits",
        "name": "ck_visits_page",
        "expression": "page LIKE 'page %' AND page <> '100% :x'",
    },
    "alter_foreign_key": {
        "table": "orders",
        "name": "orders_customer_id_fkey",
        "on_delete": "cascade",
    },
    "reindex": {"table": "visits", "name": "ix_visits"},
    "backfill": {"table": "orders", "set": {"note": "'none'"}, "where": "note IS NULL"},
}


_RUNNERS_OWN = ("alembic_version", "schema_migrations")


#: What MariaDB's storage engine "sequence" gives of itself.
NUMBERS = (
    "SET SESSION cte_max_recursion_depth = 3000",
    *(
        f"CREATE TABLE seq_1_to_{count} AS WITH RECURSIVE n (seq) AS "
        f"(SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < {count}) SELECT seq FROM n"
        for count in (90, 700, 900, 2500)
    ),
)


@pytest.fixture(params=["mariadb", "mysql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    server: TestServer = request.getfixturevalue(request.param)
    with server.database() as url:
        with connected(url) as cursor:
            for one in SHOP if request.param == "mariadb" else (*NUMBERS, *SHOP):
                cursor.execute(one)
            if request.param == "mysql":
                cursor.execute("DROP TABLE seq_1_to_90, seq_1_to_700, seq_1_to_900, seq_1_to_2500")
        yield url


def schema(session: Session) -> Schema:
    session.disconnect()
    found = [session.table(one.name) for one in session.tables()]
    session.disconnect()
    return comparable(
        Schema(tables=tuple(one for one in found if one.name.name not in _RUNNERS_OWN))
    )


@pytest.mark.parametrize("case", sorted(CASES))
def test_up_down_and_up_again(case: str, url: str, tmp_path: Path) -> None:
    make_alembic_project(tmp_path)
    alembic_ok(tmp_path, url, "upgrade", "head")
    kind = case.split(maxsplit=1)[0]
    operation = OperationAnswers(kind=kind, values=freeze(CASES[case]))  # type: ignore[arg-type]
    answers = Answers(operations=(operation,)).put("rollout.rows", 120_000_000)
    environment = Environment(
        root=tmp_path,
        environ={"DATABASE_URL": url},
        now=datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC),
        seed="test",
    )
    session = Session(environment, answers, accepted=["all"])
    plan = session.plan()
    assert plan.refused is None, plan.refused
    before = schema(session)
    session.write(all_phases=True)
    alembic_ok(tmp_path, url, "upgrade", "head")
    after = schema(session)
    assert after != before or kind in ("backfill", "reindex")
    alembic_ok(tmp_path, url, "downgrade", "8c1f2a40d511")
    assert schema(session) == before
    alembic_ok(tmp_path, url, "upgrade", "head")
    assert schema(session) == after
