"""CONTRIBUTING tells the truth: its worked examples work, and what it names is there."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, ModuleType

import pytest
from shop import LARGE, outline, plan_of

from wizard import planner
from wizard.operations import operation
from wizard.operations.base import Operation

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
EXCERPTS = [block for block in BLOCKS if block.startswith("# ")]


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Operation:
    """The worked operation, known to the planner for one test."""
    (source,) = (block for block in BLOCKS if "OPERATION = " in block)
    module = ModuleType("set_default_example")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(source, "CONTRIBUTING.md", "exec"), vars(module))
    made = replace(module.OPERATION, doc=module.__doc__ or "")

    def known(kind: str) -> Operation:
        return made if kind == made.kind else operation(kind)

    monkeypatch.setattr(planner, "operation", known)
    return made


VALUES: Mapping[str, object] = MappingProxyType(
    {"table": "orders", "column": "note", "default": "'none'"}
)


def test_the_worked_operation_plans(example: Operation) -> None:
    plan = plan_of(example.kind, dict(VALUES), rollout=LARGE)
    assert plan.refused is None
    assert outline(plan) == ["expand: SetDefault"]
    assert [type(step).__name__ for step in plan.migrations[0].down] == ["SetDefault"]


def test_the_worked_operation_says_why_not(example: Operation) -> None:
    plan = plan_of(example.kind, dict(VALUES), name="sqlite", version=(3, 45, 0))
    assert plan.refused is not None
    assert plan.refused.code == "unsupported"


def test_the_worked_operation_is_whole(example: Operation) -> None:
    headings = ["What it does", "Why it is dangerous", "How migwiz does it", "Reference"]
    assert [line for line in example.doc.splitlines() if line in headings] == headings
    assert all(one.help.endswith(".") and one.example for one in example.questions)


@pytest.mark.parametrize("excerpt", EXCERPTS, ids=lambda one: one.splitlines()[0][2:])
def test_excerpts_stand_in_the_code(excerpt: str) -> None:
    name, _, code = excerpt.partition("\n")
    assert code in (ROOT / name[2:]).read_text(encoding="utf-8")


def test_the_files_that_it_names_are_there() -> None:
    names = set(re.findall(r"`((?:wizard|screens|generators|tests|docs)/[\w./]+)`", TEXT))
    assert len(names) > 20
    assert sorted(name for name in names if not (ROOT / name).exists()) == []


def test_the_names_in_tests_are_there() -> None:
    for name, file in (
        ("CASE", "tests/cases/add_column.py"),
        ("VERSIONS", "tests/engines.py"),
        ("GOLDEN_VERSIONS", "tests/engines.py"),
        ("TARGETS", "tests/test_golden.py"),
        ("SUPPORTED", "wizard/database/urls.py"),
    ):
        assert f"`{name}`" in TEXT
        assert re.search(rf"^{name}\b", (ROOT / file).read_text(), re.MULTILINE), (name, file)
