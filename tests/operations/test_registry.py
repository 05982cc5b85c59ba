"""An operation is whole, or this fails: headings, questions, an example, a plan on every engine."""

from __future__ import annotations

import re

import pytest
from engines import VERSIONS
from shop import EXAMPLES, LARGE, STOPPED, TINY, plan_of

from wizard.dialects import dialects
from wizard.operations import operations
from wizard.operations.base import GROUPS, Operation


@pytest.fixture(params=sorted(operations()))
def one(request: pytest.FixtureRequest) -> Operation:
    return operations()[request.param]


def test_the_text_for_users_has_its_headings(one: Operation) -> None:
    headings = ["What it does", "Why it is dangerous", "How migwiz does it", "Reference"]
    found = [line for line in one.doc.splitlines() if line in headings]
    assert found == headings
    assert one.doc.splitlines()[0].endswith(".")


def test_it_stands_in_a_group(one: Operation) -> None:
    assert one.group in GROUPS
    assert one.label
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", one.command)


def test_each_question_is_complete(one: Operation) -> None:
    keys = [question.key for question in one.questions]
    assert len(set(keys)) == len(keys)
    for question in one.questions:
        assert question.prompt, question.key
        assert question.help.endswith("."), question.key
        assert question.example, question.key
        assert re.fullmatch(r"--[a-z]+(-[a-z]+)*", question.flag)


def test_it_has_an_example(one: Operation) -> None:
    assert one.kind in EXAMPLES
    assert set(EXAMPLES[one.kind]) <= {question.key for question in one.questions}


@pytest.mark.parametrize("rollout", [LARGE, TINY, STOPPED], ids=["large", "tiny", "stopped"])
def test_every_engine_plans_it_or_says_why_not(one: Operation, rollout: object) -> None:
    assert set(VERSIONS) == set(dialects())
    for name, versions in VERSIONS.items():
        for version in versions:
            plan = plan_of(one.kind, rollout=rollout, name=name, version=version)
            if plan.refused is not None:
                assert plan.refused.what
                assert plan.refused.safer
                continue
            assert plan.naive is not None
            for migration in plan.migrations:
                assert migration.changes
                assert all(change.undo or not change.step for change in migration.changes) or any(
                    change.undo for change in migration.changes
                )
