"""Tables go into the plan file and come back the same."""

from __future__ import annotations

import tomllib

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from shop import ORDERS_TABLE, SCHEMA

from wizard.model.codec import decode_enum, decode_table, encode
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Dependent,
    Enum,
    Exclusion,
    ForeignKey,
    Generated,
    Index,
    IndexPart,
    NotNull,
    PrimaryKey,
    Table,
    Trigger,
    TypeUse,
    Unique,
)

NAMES = st.text(min_size=1, max_size=12).filter(lambda text: text.strip() == text and text.strip())
EVERYTHING = Table(
    name=TableName("a.b", "My Schema"),
    columns=(
        Column(name='q"uote', type="text", default="'x'", collation="C", comment='ä\n"b"'),
        Column(name="g", type="int", generated=Generated(expression="a + 1", stored=False)),
        Column(name="i", type="int", nullable=False, identity="always"),
    ),
    kind="partitioned",
    constraints=(
        PrimaryKey(columns=("i",), name="pk"),
        Unique(columns=("g",), deferrable=True),
        ForeignKey(
            columns=("g",),
            ref_table=TableName("other", "s"),
            ref_columns=("id",),
            on_delete="set null",
            validated=False,
        ),
        Check(expression="g > 0", columns=("g",)),
        NotNull(name="nn", column="g"),
        Exclusion(name="ex", definition="EXCLUDE USING gist (g WITH =)"),
    ),
    indexes=(
        Index(
            name="ix",
            parts=(IndexPart(column="g", order="desc"), IndexPart(expression="lower(q)")),
            include=("i",),
            where="g > 1",
            valid=False,
        ),
    ),
    triggers=(Trigger(name="t", definition="CREATE TRIGGER …"),),
    dependents=(Dependent(kind="view", name="v", columns=("g",)),),
    partition_of=TableName("parent"),
    partitions=(TableName("p1"), TableName("p.2", "s")),
    rows=7,
    sql="CREATE TABLE …",
)


@pytest.mark.parametrize(
    "table", [EVERYTHING, ORDERS_TABLE, *SCHEMA.tables], ids=lambda t: t.name.name
)
def test_a_table_survives_toml(table: Table) -> None:
    text = tomli_w.dumps({"table": encode(table)})
    assert decode_table(tomllib.loads(text)["table"]) == table


@given(name=NAMES, column=NAMES)
def test_any_name_survives(name: str, column: str) -> None:
    table = Table(name=TableName(name), columns=(Column(name=column, type="text"),))
    assert decode_table(encode(table)) == table


@pytest.mark.parametrize(
    "document",
    [{}, {"name": "t", "columns": [{"nme": "x"}]}, {"name": "t", "columns": 7}, {"nope": 1}],
)
def test_what_is_no_table_is_an_error_for_people(document: dict[str, object]) -> None:
    with pytest.raises(AnswerError, match="plan file"):
        decode_table(document)


def test_a_type_comes_back_with_what_uses_it() -> None:
    mood = Enum(
        name=TableName("mood", "My Schema"),
        labels=("fine", "it's \n bad"),
        used_by=(TypeUse(table=TableName("a.b"), column="now", array=True),),
        others=("function cheer(mood)",),
    )
    assert decode_enum(tomllib.loads(tomli_w.dumps(encode(mood)))) == mood
    with pytest.raises(AnswerError, match="a type in the plan file"):
        decode_enum({"name": "mood", "colour": "red"})
