"""`lib.rs` and `mod.rs` of real-looking projects: two places change, all else stays byte for byte."""

from __future__ import annotations

import difflib

import pytest

from generators.seaorm.registering import register
from generators.seaorm.registry import faults, read
from wizard.model.errors import ConflictError

NEW = "m20261123_102030_add_currency"


def added(text: str, *, newest: str | None, names: tuple[str, ...] = (NEW,)) -> list[str]:
    """Return what an edit changes, as lines of a diff without its head."""
    edited = register(text, names, newest=newest)
    assert faults(edited) is None
    diff = difflib.unified_diff(text.splitlines(), edited.splitlines(), lineterm="", n=0)
    return [line for line in diff if not line.startswith(("---", "+++", "@@"))]


TEMPLATE = """\
pub use sea_orm_migration::prelude::*;

mod m20220101_000001_create_table;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m20220101_000001_create_table::Migration)]
    }
}
"""


def test_the_tools_own_template_is_broken_as_rustfmt_does() -> None:
    assert added(TEMPLATE, newest="m20220101_000001_create_table") == [
        "+mod m20261123_102030_add_currency;",
        "-        vec![Box::new(m20220101_000001_create_table::Migration)]",
        "+        vec![",
        "+            Box::new(m20220101_000001_create_table::Migration),",
        "+            Box::new(m20261123_102030_add_currency::Migration),",
        "+        ]",
    ]


def test_several_in_their_order() -> None:
    names = ("m20261123_102030_a", "m20261123_102031_b")
    edited = register(TEMPLATE, names, newest="m20220101_000001_create_table")
    assert read(edited).order == ("m20220101_000001_create_table", *names)
    assert [one.name for one in read(edited).mods] == ["m20220101_000001_create_table", *names]


def test_an_empty_list() -> None:
    text = TEMPLATE.replace("\nmod m20220101_000001_create_table;\n", "").replace(
        "Box::new(m20220101_000001_create_table::Migration)", ""
    )
    assert added(text, newest=None) == [
        "+",
        "+mod m20261123_102030_add_currency;",
        "-        vec![]",
        "+        vec![Box::new(m20261123_102030_add_currency::Migration)]",
    ]


# Tabs, an order of its own, comments, attributes and a foreign entry, as in large projects.
AWKWARD = """\
//! All migrations; the order below is on purpose.
#![allow(clippy::large_enum_variant)]
use sea_orm_migration::prelude::*;

pub mod m20230102_000002_second; // split from the first
#[cfg(feature = "heavy")]
pub mod m20230101_000001_first;
mod helpers;
pub(crate) mod m20230301_000001_third; // keep last

pub struct Migrator;

#[macro_export]
macro_rules! col {
\t($name:ident) => { vec![stringify!($name)] };
}

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
\tfn migrations() -> Vec<Box<dyn MigrationTrait>> {
\t\tlet names = vec!["m1", "m2"];
\t\tvec![
\t\t\tBox::new(m20230102_000002_second::Migration), // first on purpose
\t\t\t#[cfg(feature = "heavy")]
\t\t\tBox::new(m20230101_000001_first::Migration),
\t\t\t/* theirs */ Box::new(other_crate::Migration),
\t\t\tBox::new(m20230301_000001_third::Migration) // no comma here
\t\t\t// inject-above (do not remove this comment)
\t\t]
\t}
}
"""


def test_tabs_comments_attributes_and_marks_stay() -> None:
    assert read(AWKWARD).order[0] == "m20230102_000002_second"
    assert added(AWKWARD, newest="m20230301_000001_third") == [
        "+pub(crate) mod m20261123_102030_add_currency;",
        "-\t\t\tBox::new(m20230301_000001_third::Migration) // no comma here",
        "+\t\t\tBox::new(m20230301_000001_third::Migration), // no comma here",
        "+\t\t\tBox::new(m20261123_102030_add_currency::Migration)",
    ]


FREE = """\
use sea_orm_migration::MigrationTrait;
mod custom0001_users;
mod custom0002_teams;

pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let mut all = old::migrations();
    all.extend(newer());
    all
}

fn newer() -> Vec<Box<dyn MigrationTrait>> {
    std::vec![
        Box::new(self::custom0001_users::Migration),
        Box::new(self::custom0002_teams::Migration),
    ]
}
"""


def test_a_free_function_and_a_path_before_the_name() -> None:
    changed = added(FREE, newest="custom0002_teams", names=("custom0003_x",))
    assert changed == [
        "+mod custom0003_x;",
        "+        Box::new(self::custom0003_x::Migration),",
    ]


TWO = """\
mod m20220101_000001_a;
mod m20220101_000002_b;
mod seed_1;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20220101_000001_a::Migration),
            Box::new(m20220101_000002_b::Migration),
        ]
    }
}

impl MigratorTrait for Seeder {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(seed_1::Migration)]
    }
}
"""


def test_of_two_lists_the_one_that_holds_the_newest() -> None:
    changed = added(TWO, newest="m20220101_000002_b")
    assert changed == [
        "+mod m20261123_102030_add_currency;",
        "+            Box::new(m20261123_102030_add_currency::Migration),",
    ]
    edited = register(TWO, (NEW,), newest="m20220101_000002_b")
    assert "vec![Box::new(seed_1::Migration)]" in edited


def test_an_array_and_an_entry_longer_than_a_line() -> None:
    text = """\
mod m20220101_000001_a;

fn list() -> [Box<dyn MigrationTrait>; 1] {
    [
        Box::new(m20220101_000001_a::Migration),
    ]
}
"""
    name = "m20261123_102030_" + "x" * 70
    assert added(text, newest="m20220101_000001_a", names=(name,)) == [
        f"+mod {name};",
        "+        Box::new(",
        f"+            {name}::Migration,",
        "+        ),",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (TEMPLATE + "fn broken( {", "not valid Rust"),
        ("mod m1_a;\nfn all() {\n    v.push(Box::new(m1_a::Migration));\n}\n", "pushed"),
        ("pub struct Migrator;\n", "no list"),
    ],
)
def test_what_is_not_clear_is_refused(text: str, why: str) -> None:
    with pytest.raises(ConflictError) as error:
        register(text, (NEW,), newest=None)
    assert error.value.code == "registry-unclear"
    assert why in str(error.value.why)
