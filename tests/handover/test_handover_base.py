from __future__ import annotations

import subprocess
from dataclasses import fields, replace

import pytest
from handover_shop import need
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.handover import tools
from wizard.handover.base import Limits, Load, Server
from wizard.handover.clauses import (
    adds_foreign_key,
    adds_unique,
    bare_words,
    drops_primary_key,
    names_a_constraint,
)
from wizard.handover.shared import beside, common_refusal, seconds, short_of_a_second
from wizard.model.handover import shell

SERVER = Server(database="shop", defaults_file="/etc/shop.cnf")
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


def test_a_line_for_each_option() -> None:
    words = ("gh-ost", "--alter=MODIFY `id` bigint", "--execute", "D=shop,t=orders")
    assert shell(words) == (
        "gh-ost \\\n  --alter='MODIFY `id` bigint' \\\n  --execute \\\n  D=shop,t=orders"
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(WORDS, WORDS.map(lambda text: f"--alter={text}")), max_size=4))
def test_a_shell_hears_what_was_meant(words: list[str]) -> None:
    command = shell(("printf", r"%s\0", *words))
    heard = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True).stdout
    assert heard.decode() == "".join(f"{word}\0" for word in words or [""])


def test_each_tool_is_found_under_its_own_name() -> None:
    assert set(tools()) == {"gh-ost", "pt-online-schema-change", "spirit"}
    assert all(name == tool.name for name, tool in tools().items())


def test_nothing_can_hold_a_password() -> None:
    names = {field.name for field in fields(Server)}
    assert not {name for name in names if "pass" in name or "secret" in name}
    for tool in tools().values():
        for line in tool.command(need(), Limits(), SERVER).lines:
            assert any("/etc/shop.cnf" in word for word in line)
            assert not [word for word in line if "pass" in word.lower()]


def test_algorithm_and_lock_are_for_the_direct_way() -> None:
    one = need(
        clauses=("MODIFY a bigint", " ALGORITHM=COPY", "LOCK=SHARED", "ADD `lock` int"),
        inverse=("MODIFY a int", "ALGORITHM=COPY"),
    )
    assert one.alter == "MODIFY a bigint, ADD `lock` int"
    assert one.undo == "MODIFY a int"


def test_whole_seconds_are_never_longer_than_asked_for() -> None:
    assert [seconds(ms) for ms in (0, 200, 1_000, 1_999, 2_000, 60_000)] == [1, 1, 1, 1, 2, 60]
    assert seconds(60_000, most=10) == 10
    assert short_of_a_second(1_000) == ()
    assert "300 ms" in short_of_a_second(300)[0]


def test_limits_as_the_tools_read_them() -> None:
    limits = Limits(loads=(Load(), Load(status="Threads_connected", pause=200, give_up=400)))
    assert limits.pause_loads == "Threads_running=25,Threads_connected=200"
    assert limits.give_up_loads == "Threads_running=50,Threads_connected=400"


def test_the_names_of_tables_beside_a_table() -> None:
    assert beside("orders", "del") == "_orders_del"
    long = "o" * 64
    assert beside(long, "del") == f"_{'o' * 59}_del"
    assert len(beside(long, "del")) == 64


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("MODIFY `id` bigint", ("MODIFY", "BIGINT")),
        ("ADD c text COMMENT 'it''s UNIQUE \\' REFERENCES'", ("ADD", "C", "TEXT", "COMMENT")),
        ('ADD c text DEFAULT "UNIQUE"', ("ADD", "C", "TEXT", "DEFAULT")),
        ("ADD `UNIQUE``x` int /* REFERENCES */ # UNIQUE\n NULL", ("ADD", "INT", "NULL")),
        ("ADD c int -- UNIQUE", ("ADD", "C", "INT")),
        ("ADD c int DEFAULT (1--2)", ("ADD", "C", "INT", "DEFAULT")),
    ],
)
def test_words_outside_quotes_and_comments(clause: str, words: tuple[str, ...]) -> None:
    assert bare_words(clause) == words


@pytest.mark.parametrize(
    "clause",
    [
        "ADD UNIQUE (a)",
        "ADD UNIQUE KEY u (a)",
        "ADD CONSTRAINT u UNIQUE INDEX (a)",
        "ADD COLUMN a int unique",
        "ADD PRIMARY KEY (a)",
        "MODIFY a int NOT NULL PRIMARY KEY",
    ],
)
def test_a_new_unique_key_is_seen(clause: str) -> None:
    assert adds_unique(clause)


@pytest.mark.parametrize(
    "clause", ["DROP INDEX `UNIQUE`", "DROP PRIMARY KEY", "ADD KEY k (a)", "ADD `unique` int"]
)
def test_what_adds_no_unique_key(clause: str) -> None:
    assert not adds_unique(clause)


def test_foreign_and_primary_keys_are_seen() -> None:
    assert adds_foreign_key("ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)")
    assert adds_foreign_key("ADD COLUMN a int references p (id)")
    assert not adds_foreign_key("DROP FOREIGN KEY f")
    assert not adds_foreign_key("ADD c text COMMENT 'REFERENCES'")
    assert names_a_constraint("drop foreign key f")
    assert names_a_constraint("ALTER CHECK c NOT ENFORCED")
    assert not names_a_constraint("DROP KEY f")
    assert not names_a_constraint("ADD CONSTRAINT c CHECK (a > 0)")
    assert drops_primary_key("DROP  PRIMARY KEY")
    assert not drops_primary_key("ADD PRIMARY KEY (a)")


def test_the_way_back_is_judged_by_its_types() -> None:
    assert not need().back.may_cut
    assert need().back.alter == "MODIFY `id` int NOT NULL AUTO_INCREMENT"
    assert need().back.back == need()
    assert not need(inverse=("DROP COLUMN a", "ADD b varchar(9)")).back.may_cut
    text = need(inverse=("MODIFY a int", "MODIFY b varchar(20)"))
    assert text.back.may_cut
    assert need(inverse=("CHANGE a a decimal(9, 1)",)).back.may_cut
    assert not replace(text, inverse_may_cut=False).back.may_cut
    assert replace(need(), inverse_may_cut=True).back.may_cut


@pytest.mark.parametrize(
    "clause",
    [
        "RENAME COLUMN a TO b",
        "RENAME TO other",
        "rename index a to b",
        "CHANGE a b int",
        "CHANGE COLUMN `a` `b` int",
        "change column `my a` my_a int",
    ],
)
def test_renames_are_left_to_the_server(clause: str) -> None:
    assert "rename" in str(common_refusal(need(clauses=(clause,))))


@pytest.mark.parametrize("clause", ["CHANGE a a bigint", "CHANGE COLUMN `a` A int", "MODIFY a int"])
def test_a_change_that_keeps_the_name_is_no_rename(clause: str) -> None:
    assert common_refusal(need(clauses=(clause,))) is None
