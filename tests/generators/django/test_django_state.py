"""The state of the models, replayed from files of many habits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django_kit import MODELS, detected, migration_file, shop

from generators.django.conditions import condition, only_not_null
from generators.django.fields import column_field, field_type
from generators.django.state import Model, State
from generators.python.code import Quotes
from wizard.model.schema import Column


def state(root: Path) -> State:
    return State(json.loads(detected(root).options["apps"]), Quotes(mark="'"))


def orders(root: Path) -> Model:
    found = state(root).find("orders", "shop")
    assert found is not None
    return found


def test_tables_and_columns(tmp_path: Path) -> None:
    shop(tmp_path)
    order = orders(tmp_path)
    assert (order.app, order.name, order.key) == ("shop", "Order", "id")
    columns = {name: order.column(name) for name in order.fields}
    assert columns == {
        "id": "id",
        "customer": "customer_id",
        "billing_id": "billing_id",
        "state": "status",
        "total": "total",
        "tags": None,
    }
    assert order.field_of("status") == "state"
    customer = state(tmp_path).find("shop_customer", "shop")
    assert customer is not None
    assert customer.name == "Customer"
    assert state(tmp_path).find("shop_order_tags", "shop") is None
    assert state(tmp_path).find("unknown", "shop") is None


def test_a_field_keeps_its_arguments_and_the_imports_they_need(tmp_path: Path) -> None:
    shop(tmp_path)
    field = orders(tmp_path).fields["state"]
    assert field is not None
    assert field.text() == "models.CharField(max_length=20, db_column='status', validators=[check])"
    assert field.imports == {"from shop.checks import check"}


def test_a_field_whose_names_come_from_nowhere_is_unknown(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    migration_file(
        folder,
        "0002_a",
        "0001_initial",
        operations="migrations.AddField('order', 'token', models.CharField(default=make)),\n",
    )
    order = orders(tmp_path)
    assert order.fields["token"] is None
    assert order.column("token") is None


@pytest.mark.parametrize(
    ("operation", "column", "known"),
    [
        ("migrations.RenameField('order', 'total', 'amount')", "amount", True),
        ("migrations.RemoveField(model_name='order', name='total')", "total", False),
        ("migrations.SeparateDatabaseAndState([], [migrations.RemoveField('order', 'total')])",
         "total", False),
        ("migrations.RunSQL('SELECT 1', state_operations=[migrations.AddField(model_name='order', "
         "name='x', field=models.TextField())])", "x", True),
        ("migrations.SeparateDatabaseAndState(database_operations=[migrations.AddField('order', "
         "'x', models.TextField())])", "x", False),
        ("migrations.AlterField('order', 'total', models.TextField(db_column='sum'))", "sum", True),
    ],
)  # fmt: skip
def test_operations_change_columns(
    tmp_path: Path, operation: str, column: str, known: bool
) -> None:
    folder = shop(tmp_path)
    migration_file(folder, "0002_a", "0001_initial", operations=f"{operation},\n")
    assert (orders(tmp_path).field_of(column) is not None) is known


def test_models_come_move_and_go(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    migration_file(
        folder,
        "0002_a",
        "0001_initial",
        operations="""
        migrations.RenameModel('Customer', 'Client'),
        migrations.AlterModelTable(name='order', table='purchases'),
        migrations.AddIndex('order', models.Index(fields=['state'], name='ix_state')),
        migrations.RemoveIndex('order', 'ix_orders_total'),
        migrations.RenameIndex('order', new_name='ix_x', old_name='ix_state'),
        migrations.AddConstraint('order', models.CheckConstraint(check=models.Q(total__gt=0), name='c')),
        """,
    )
    found = state(tmp_path)
    assert found.find("orders", "shop") is None
    purchases = found.find("purchases", "shop")
    assert purchases is not None
    assert list(purchases.indexes) == ["ix_x"]
    assert list(purchases.constraints) == ["c"]
    assert found.find("shop_client", "shop") is not None
    assert found.find("shop_customer", "shop") is None


def test_a_squash_is_read_in_place_of_what_it_replaces(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    migration_file(
        folder,
        "0001_squashed_0001_initial",
        extra="    replaces = [('shop', '0001_initial')]\n",
        operations=MODELS.replace("'total'", "'amount'"),
    )
    assert orders(tmp_path).field_of("amount") == "amount"
    assert orders(tmp_path).field_of("total") is None


def test_an_index_that_the_project_builds_by_its_own_class_is_known(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    path = migration_file(
        folder,
        "0002_a",
        "0001_initial",
        operations="BuildIndex(model_name='order', index=models.Index(fields=['state'], name='i')),\n",
    )
    text = path.read_text()
    own = "class BuildIndex(AddIndexConcurrently):\n    pass\n\n\nclass Migration"
    path.write_text(text.replace("class Migration", own))
    assert "i" in orders(tmp_path).indexes


@pytest.mark.parametrize(
    ("engine", "column_type", "field"),
    [
        ("postgresql", "character varying(3)", "models.CharField(max_length=3)"),
        ("postgresql", "timestamp with time zone", "models.DateTimeField()"),
        ("postgresql", "numeric(10,2)", "models.DecimalField(max_digits=10, decimal_places=2)"),
        ("postgresql", "tsvector", None),
        ("postgresql", "timestamp without time zone", None),
        ("postgresql", "character varying", None),
        ("mariadb", "int(11)", "models.IntegerField()"),
        ("mariadb", "bigint(20) unsigned", "models.PositiveBigIntegerField()"),
        ("mysql", "tinyint(1)", "models.BooleanField()"),
        ("mysql", "tinyint", None),
        ("mysql", "datetime", None),
        ("sqlite", "INTEGER", "models.IntegerField()"),
        ("sqlite", "whatever", None),
    ],
)
def test_a_type_is_the_field_with_just_that_type(
    engine: str, column_type: str, field: str | None
) -> None:
    found = field_type(column_type, engine)
    assert (None if found is None else found.text()) == field


@pytest.mark.parametrize(
    ("column_type", "default", "version", "text"),
    [
        ("text", "'it''s %'::text", (5, 0), """models.TextField(db_default="it's %")"""),
        ("integer", "-3", (5, 0), "models.IntegerField(db_default=-3)"),
        ("boolean", "true", (5, 0), "models.BooleanField(db_default=True)"),
        ("timestamp with time zone", "now()", (5, 0), "models.DateTimeField(db_default=Now())"),
        ("uuid", "gen_random_uuid()", (5, 0),
         'models.UUIDField(db_default=RawSQL("gen_random_uuid()", ()))'),
        ("integer", "7", (4, 2), "models.IntegerField(default=7)"),
        ("timestamp with time zone", "now()", (4, 2), "models.DateTimeField()"),
    ],
)  # fmt: skip
def test_defaults(column_type: str, default: str, version: tuple[int, int], text: str) -> None:
    column = Column(name="x", type=column_type, nullable=False, default=default)
    found = column_field(column, "postgresql", Quotes(), version)
    assert found is not None
    assert found.text() == text


@pytest.mark.parametrize(
    ("sql", "source"),
    [
        ("total > 0", "models.Q(total__gt=0)"),
        ("(total >= (0)::numeric)", "models.Q(total__gte=0)"),
        ("status <> 'a''b'", """~models.Q(state="a'b")"""),
        ("status IN ('a', 'b')", 'models.Q(state__in=["a", "b"])'),
        ("total > -5 AND billing_id IS NOT NULL",
         "(models.Q(total__gt=-5) & models.Q(billing_id__isnull=False))"),
        ("total > billing_id", None),
        ("length(status) > 3", None),
        ("gone = 1", None),
        ("not sql at (", None),
    ],
)  # fmt: skip
def test_conditions(tmp_path: Path, sql: str, source: str | None) -> None:
    shop(tmp_path)
    assert condition(sql, orders(tmp_path), "postgresql", Quotes()) == source


def test_a_check_that_stands_for_not_null() -> None:
    assert only_not_null("(email IS NOT NULL)", "postgresql")
    assert not only_not_null("email IS NOT NULL AND name > ''", "postgresql")
    assert not only_not_null("email IS NULL", "postgresql")
