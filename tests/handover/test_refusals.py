from __future__ import annotations

from typing import Any

import pytest
from handover_shop import need

from wizard.handover import tools
from wizard.model.names import TableName
from wizard.model.schema import ForeignKey, Reference, Trigger

OUT = ForeignKey(columns=("c",), ref_table=TableName("customers"), ref_columns=("id",), name="fk_c")
ITSELF = ForeignKey(columns=("up",), ref_table=TableName("orders"), ref_columns=("id",))
IN = Reference(
    table=TableName("items"),
    foreign_key=ForeignKey(
        columns=("o",), ref_table=TableName("orders"), ref_columns=("id",), name="fk_o"
    ),
)
TRIGGER = Trigger(name="write_log", definition="…")
GH_OST, PT_OSC, SPIRIT = "gh-ost", "pt-online-schema-change", "spirit"
ALL = {GH_OST, PT_OSC, SPIRIT}

#: What a need has, and which tools refuse it for that.
CASES: list[tuple[dict[str, Any], set[str], str]] = [
    ({}, set(), ""),
    ({"clauses": ("ALGORITHM=COPY",)}, ALL, "nothing to alter"),
    ({"clauses": ("RENAME COLUMN a TO b",)}, ALL, "rename"),
    ({"table": TableName("my,orders")}, ALL, "name"),
    ({"table": TableName("Bestellungen für alle")}, ALL, "name"),
    ({"key": None}, ALL, "unique key"),
    ({"key": "unique"}, {SPIRIT}, "primary key"),
    ({"clauses": ("DROP PRIMARY KEY",), "key": "unique"}, {SPIRIT, PT_OSC}, "primary key"),
    ({"foreign_keys": (OUT,)}, {GH_OST, SPIRIT}, "foreign key"),
    ({"referenced_by": (IN,)}, {GH_OST, SPIRIT}, "foreign key"),
    ({"foreign_keys": (ITSELF,)}, ALL, "foreign key"),
    ({"clauses": ("ADD FOREIGN KEY (a) REFERENCES p (id)",)}, {GH_OST, SPIRIT}, "foreign key"),
    ({"clauses": ("DROP FOREIGN KEY fk_c",)}, ALL, "other names"),
    ({"clauses": ("DROP CHECK paid",)}, ALL, "other names"),
    ({"clauses": ("MODIFY a bigint", "DROP CONSTRAINT `paid`")}, ALL, "other names"),
    ({"triggers": (TRIGGER,)}, {GH_OST, SPIRIT}, "trigger"),
    ({"triggers": (TRIGGER,), "copy_triggers": True}, {SPIRIT}, "trigger"),
    (
        {"triggers": (Trigger(name="t" * 62, definition="…"),), "copy_triggers": True},
        {GH_OST, SPIRIT},
        "trigger",
    ),
    ({"galera": True}, {GH_OST, SPIRIT}, "Galera"),
    ({"engine": "mariadb", "version": (10, 11, 19)}, {GH_OST, SPIRIT}, ""),
    ({"version": (5, 7, 44)}, {SPIRIT}, "8.0"),
    ({"version": (8, 0, 13)}, set(), ""),
    ({"version": (8, 0, 14)}, {PT_OSC}, "8.0.14"),
    ({"version": (8, 0, 17)}, {PT_OSC}, "8.0.14"),
    ({"version": (8, 0, 18)}, set(), ""),
    ({"engine": "mariadb", "version": (10, 6), "galera": True}, {GH_OST, SPIRIT}, ""),
    ({"clauses": ("ADD UNIQUE (code)",)}, {PT_OSC}, "unique"),
    ({"may_cut": True}, {PT_OSC}, "cut short"),
]


@pytest.mark.parametrize(("changes", "who", "word"), CASES, ids=[str(case[0]) for case in CASES])
def test_who_refuses_what(changes: dict[str, Any], who: set[str], word: str) -> None:
    said = {name: tool.refuses(need(**changes)) for name, tool in tools().items()}
    assert {name for name, why in said.items() if why is not None} == who
    for why in filter(None, said.values()):
        assert word.lower() in why.lower()
        assert why.endswith(".")


def test_the_same_name_in_another_database_is_another_table() -> None:
    elsewhere = ForeignKey(
        columns=("a",), ref_table=TableName("orders", "archive"), ref_columns=("id",)
    )
    one = need(table=TableName("orders", "shop"), foreign_keys=(elsewhere,))
    assert not one.refers_to_itself
    assert tools()[PT_OSC].refuses(one) is None
