"""Prepared statements that keep their types: told where an engine has them, and nowhere else."""

from __future__ import annotations

import pytest
from engines import VERSIONS
from shop import LARGE, examples_for, plan_of


@pytest.mark.parametrize(
    ("name", "told"),
    [("postgresql", True), ("sqlite", False), ("mysql", False), ("mariadb", False)],
)
def test_connections_are_recycled_where_statements_keep_their_types(
    name: str, *, told: bool
) -> None:
    values = examples_for(name)["change_type"]
    plan = plan_of("change_type", values, rollout=LARGE, name=name, version=VERSIONS[name][-1])
    assert plan.refused is None
    codes = {one.code for one in plan.findings}
    words = " ".join(one.when for one in plan.phases)
    assert ("recycle-connections" in codes, "recycle connections" in words) == (told, told)
