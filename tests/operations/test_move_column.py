"""What the plan of a move is, and that no version of the code ever reads a value of yesterday."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from shop import (
    BLUE_GREEN,
    CUSTOMERS,
    CUSTOMERS_TABLE,
    ORDERS,
    ORDERS_TABLE,
    SCHEMA,
    STOPPED,
    outline,
    plan_of,
)

from wizard.dialects import dialect
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.plan import Grade, Plan
from wizard.model.schema import Check, Column, ForeignKey, PrimaryKey, Schema, Table, Unique
from wizard.model.steps import Nothing, Require, Step

MOVE: dict[str, Any] = {
    "table": "customers",
    "column": "email",
    "to_table": "orders",
    "to": "contact",
}
USERS, PROFILES = TableName("users"), TableName("profiles")


def codes(plan: Plan) -> set[str]:
    return {one.code for one in plan.findings}


def pair(
    *,
    here: bool,
    copied: bool = False,
    nullable: bool = True,
    default: str | None = None,
    check: str | None = None,
) -> Schema:
    """Users with a bio, and their profiles; the foreign key is the profiles' unless ``here``."""
    key = (Column(name="id", type="INTEGER", nullable=False),)
    bio = Column(name="bio", type="TEXT", nullable=nullable, default=default)
    owner, other = ("profile_id", PROFILES) if here else ("user_id", USERS)
    pointer = Column(name=owner, type="INTEGER", nullable=False)
    more = () if check is None else (Check(name="ck_bio", expression=check, columns=("bio",)),)
    points = ForeignKey(name="fk_pair", columns=(owner,), ref_table=other, ref_columns=("id",))
    once = Unique(name="uq_pair", columns=(owner,))
    rules = (points,) if copied else (points, once)
    first = PrimaryKey(columns=("id",))
    return Schema(
        tables=(
            Table(
                name=USERS,
                columns=(*key, bio, *((pointer,) if here else ())),
                constraints=(first, *more, *(rules if here else ())),
            ),
            Table(
                name=PROFILES,
                columns=(*key, *(() if here else (pointer,))),
                constraints=(first, *(() if here else rules)),
            ),
        )
    )


BIO: dict[str, Any] = {"table": "users", "column": "bio", "to_table": "profiles"}


def moved(schema: Schema) -> Plan:
    plan = plan_of("move_column", BIO, name="sqlite", version=(3, 40, 1), schema=schema)
    assert plan.refused is None, plan.refused
    return plan


# --- the plan ----------------------------------------------------------------------------------


def test_three_deploys_stand_between_its_phases() -> None:
    plan = plan_of("move_column", MOVE, rollout=BLUE_GREEN)
    expand, backfill, validate, contract = plan.phases
    assert "writes customers.email and orders.contact in one transaction" in expand.application
    assert backfill.gate is not None
    assert backfill.gate.text.startswith("green writes both")
    assert validate.gate is not None
    assert not validate.gate.people
    assert "IS DISTINCT FROM" in str(validate.gate.query)
    assert "third deploy, when no instance reads customers.email any more" in validate.application
    assert contract.gate is not None
    # By then the old place may be out of date: nothing can be compared with it.
    assert contract.gate.query is None
    assert {"code-writes-both", "old-place-stands-still", "value-copied"} <= codes(plan)


def test_a_maintenance_window_needs_no_versions_in_between() -> None:
    plan = plan_of("move_column", MOVE, rollout=STOPPED)
    assert [one.name for one in plan.phases] == ["switch"]
    assert not {"code-writes-both", "old-place-stands-still"} & codes(plan)


def test_a_required_column_is_required_there_and_no_longer_here() -> None:
    customers = replace(
        CUSTOMERS_TABLE,
        columns=tuple(
            replace(one, nullable=False) if one.name == "email" else one
            for one in CUSTOMERS_TABLE.columns
        ),
    )
    schema = replace(SCHEMA, tables=(customers, *SCHEMA.tables[1:]))
    validate = outline(plan_of("move_column", MOVE, schema=schema))[2]
    assert validate == (
        "validate: Require, Require | Require, AddCheck | ValidateConstraint | "
        "ValidateConstraint, SetNotNull, DropConstraint | AddCheck, DropNotNull | DropConstraint"
    )
    # Where a row over there may do without a row here, it must do without a value.
    orders = replace(
        ORDERS_TABLE,
        columns=tuple(
            replace(one, nullable=True) if one.name == "customer_id" else one
            for one in ORDERS_TABLE.columns
        ),
    )
    schema = replace(schema, tables=(customers, orders, *SCHEMA.tables[2:]))
    assert "SetNotNull" not in str(outline(plan_of("move_column", MOVE, schema=schema)))


@pytest.mark.parametrize("here", [True, False])
def test_one_to_one_the_way_back_is_whole(here: bool) -> None:
    plan = moved(pair(here=here))
    assert "value-copied" not in codes(plan)
    assert ("value-outlives-row" in codes(plan)) is here
    last = plan.phases[-1].migrations[-1]
    assert last.reversibility.grade is Grade.LOSSLESS


# --- what it refuses ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"table": "orders", "column": "note", "to_table": "customers"}, "several-values"),
        ({"table": "orders", "column": "note", "to_table": "products"}, "not-related"),
        ({"table": "customers", "column": "id", "to_table": "orders", "to": "x"}, "column-is-key"),
    ],
)
def test_it_refuses_with_what_to_do_instead(values: dict[str, Any], code: str) -> None:
    refused = plan_of("move_column", values).refused
    assert refused is not None
    assert refused.code == code
    assert refused.safer


def test_the_column_by_which_rows_belong_together_stays() -> None:
    plan = plan_of(
        "move_column",
        {"table": "users", "column": "profile_id", "to_table": "profiles"},
        name="sqlite",
        version=(3, 40, 1),
        schema=pair(here=True),
    )
    assert plan.refused is not None
    assert "says which rows belong together" in plan.refused.what


def test_a_default_that_a_constraint_may_refuse_is_not_given_on_the_way_back() -> None:
    values = {"name": "sqlite", "version": (3, 40, 1)}
    for default in (None, "'new'"):
        schema = pair(here=False, default=default, check="bio <> 'new'")
        plan = plan_of("move_column", BIO, schema=schema, **values)
        assert (plan.refused is not None) is (default is not None)
    assert plan.refused is not None
    assert "its default at once" in plan.refused.what


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({**MOVE, "to_table": "customers"}, "holds the column already"),
        ({**MOVE, "to": "note"}, "has a column note already"),
        ({**MOVE, "key": "other"}, "no foreign key other leads"),
    ],
)
def test_answers_that_do_not_fit(values: dict[str, Any], said: str) -> None:
    with pytest.raises(AnswerError, match=said):
        plan_of("move_column", values)


def test_of_several_foreign_keys_one_is_named() -> None:
    billing = ForeignKey(
        name="fk_billing", columns=("billing_id",), ref_table=CUSTOMERS, ref_columns=("id",)
    )
    orders = replace(ORDERS_TABLE, constraints=(*ORDERS_TABLE.constraints, billing))
    schema = replace(
        SCHEMA, tables=tuple(orders if one.name == ORDERS else one for one in SCHEMA.tables)
    )
    with pytest.raises(AnswerError, match="several foreign keys"):
        plan_of("move_column", MOVE, schema=schema)
    for key in ("fk_billing", "billing_id"):
        plan = plan_of("move_column", {**MOVE, "key": key}, schema=schema)
        assert "customers.id = orders.billing_id" in plan.preflights[0].query


# --- every version of the code, beside its neighbours --------------------------------------------


class Code:
    """Four versions of an application that knows, for each user, which bio was written last."""

    def __init__(self, connection: sqlite3.Connection, *, here: bool, required: bool) -> None:
        self.connection, self.here = connection, here
        self.known = ("", "bio") if required else (None, "", "bio")
        self.last: dict[int, str | None] = {}

    def write(self, version: int, user: int, value: str | None) -> None:
        if version < 3:
            self.connection.execute("UPDATE users SET bio = ? WHERE id = ?", (value, user))
        if version > 0:
            self.connection.execute(
                f"UPDATE profiles SET bio = ? WHERE {self._of('?')}", (value, user)
            )
        self.last[user] = value

    def _of(self, user: str) -> str:
        if self.here:
            return f"id = (SELECT profile_id FROM users WHERE id = {user})"
        return f"user_id = {user}"

    def check(self, version: int) -> None:
        for user, value in self.last.items():
            if version < 2:
                query = "SELECT bio FROM users WHERE id = ?"
            else:
                query = f"SELECT DISTINCT bio FROM profiles WHERE {self._of('?')}"
            assert self.connection.execute(query, (user,)).fetchall() == [(value,)], version

    def live(self, versions: Iterable[int], luck: random.Random) -> None:
        running = tuple(versions)
        for _ in range(40):
            value = luck.choice([*self.known, f"bio {luck.random()}"])
            self.write(luck.choice(running), luck.choice(list(self.last)), value)
            for one in running:
                self.check(one)


def run(connection: sqlite3.Connection, steps: Iterable[Step]) -> None:
    for step in steps:
        if isinstance(step, Require):
            assert connection.execute(step.query).fetchone() is None, step.message
        elif not isinstance(step, Nothing):
            for one in dialect("sqlite", (3, 40, 1)).sql(step):
                connection.execute(one)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("here", "copied", "required"),
    [
        (True, False, False),
        (False, False, False),
        (False, False, True),
        (False, True, False),
        (False, True, True),
    ],
)
def test_every_version_reads_what_was_written_last(
    here: bool, copied: bool, required: bool, seed: int
) -> None:
    luck = random.Random(seed)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    users, profiles = ("id INTEGER PRIMARY KEY, bio TEXT", "id INTEGER PRIMARY KEY")
    users += " NOT NULL" if required else ""
    pointer = "profile_id INTEGER NOT NULL" if here else "user_id INTEGER NOT NULL"
    pointer += "" if copied else " UNIQUE"
    connection.execute(f"CREATE TABLE users ({users}{', ' + pointer if here else ''})")
    connection.execute(f"CREATE TABLE profiles ({profiles}{'' if here else ', ' + pointer})")
    code = Code(connection, here=here, required=required)
    for user in range(1, 9):
        partner = 100 - user
        code.last[user] = luck.choice([*code.known, f"bio {user}"])
        row = (user, code.last[user], partner)[: 3 if here else 2]
        connection.execute(f"INSERT INTO users VALUES ({', '.join('?' * len(row))})", row)
        for number in (partner, partner + 200) if copied else (partner,):
            profile = (number,) if here else (number, user)
            marks = ", ".join("?" * len(profile))
            connection.execute(f"INSERT INTO profiles VALUES ({marks})", profile)
    plan = moved(pair(here=here, copied=copied, nullable=not required))
    expand, backfill, validate, contract = (one.migrations for one in plan.phases)

    def up(migrations: Iterable[Any]) -> None:
        for one in migrations:
            run(connection, one.up)

    code.live([0], luck)
    up(expand)
    code.live([0, 1], luck)
    code.live([1], luck)
    up(backfill)
    code.live([1], luck)
    up(validate)
    code.live([1, 2], luck)
    code.live([2, 3], luck)
    code.live([3], luck)
    up(contract)
    code.live([3], luck)
    for one in reversed(contract):
        run(connection, one.down)
    # The old place says again what was written last, by a version that did not know it.
    code.check(1)
    code.live([1, 2], luck)


def test_a_value_without_a_row_stops_the_plan_before_it_begins() -> None:
    plan = moved(pair(here=False))
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, bio TEXT)")
    connection.execute("CREATE TABLE profiles (id INTEGER PRIMARY KEY, user_id INTEGER)")
    connection.execute("INSERT INTO users VALUES (1, 'alone'), (2, NULL), (3, 'met')")
    connection.execute("INSERT INTO profiles VALUES (7, 3)")
    assert connection.execute(plan.preflights[0].query).fetchall() == [(1,)]
    first = plan.migrations[0].up[0]
    assert isinstance(first, Require)
    assert first.query == plan.preflights[0].query


def test_what_stands_on_the_old_column_is_named() -> None:
    orders = replace(
        ORDERS_TABLE, constraints=(*ORDERS_TABLE.constraints, Unique(columns=("customer_id",)))
    )
    schema = replace(
        SCHEMA, tables=tuple(orders if one.name == ORDERS else one for one in SCHEMA.tables)
    )
    values = {"table": "orders", "column": "status_code", "to_table": "customers"}
    plan = plan_of("move_column", values, schema=schema)
    assert plan.refused is None
    assert {"rule-left-behind", "default-left-behind"} <= codes(plan)
    contract = outline(plan)[-1]
    assert contract.startswith("contract: DropIndex | ")
    assert contract.endswith(" | Nothing | SetDefault, DropColumn")
