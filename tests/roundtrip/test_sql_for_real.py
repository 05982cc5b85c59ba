"""Generated SQL files run one by one, as a runner does, up, down and up again on real servers.

The files of each migration are taken back as well right after they ran, and then run again.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

import psycopg
import pytest
from cases import named
from comparing import loosened
from test_alembic_for_real import (
    LARGE,
    ONLINE_CASES,
    Bench,
    as_before,
    bench,
    plain,
    shape,
    statement_url,
)

from generators.base import FileEdit
from generators.sql import GENERATOR
from wizard.dialects.base import Size
from wizard.model.simulate import apply_all
from wizard.producing import Producer

__all__ = ("bench",)

CASES = named("postgresql")
#: Where one migration becomes many files: keys, and what is done partition by partition.
MANY = sorted(
    one
    for one in ONLINE_CASES
    if "partition" in one
    or one.split()[0]
    in {
        *("add_primary_key", "add_exclusion", "validate_constraint", "reindex"),
        *("alter_foreign_key", "alter_check", "add_unique", "drop_constraint"),
    }
)


def files(one: Bench) -> tuple[list[FileEdit], list[FileEdit]]:
    """The files of the upgrade, and those of the downgrade in the same order."""
    plan = one.session.plan()
    assert plan.refused is None
    producer = Producer(
        plan=plan,
        environment=one.session.environment,
        dialect=one.session.dialect(),
        sizes=lambda _: Size(rows=120_000_000, bytes=48_000_000_000),
    )
    project = GENERATOR.imagine(one.root, producer.dialect, "golang-migrate")
    edits = sorted(producer.files(project), key=lambda edit: edit.path.name)
    GENERATOR.check(edits, producer.dialect)
    ups = [edit for edit in edits if edit.path.name.endswith(".up.sql")]
    downs = [edit for edit in edits if edit.path.name.endswith(".down.sql")]
    assert len(ups) == len(downs)
    return ups, downs


# How statements are put into files hardly depends on the version: one server is enough.
@pytest.mark.parametrize("postgres", [18], indirect=True, ids=["pg18"])
@pytest.mark.parametrize("case", MANY)
def test_each_file_both_ways(bench: Callable[..., Bench], case: str) -> None:
    one = bench(CASES[case], LARGE)
    before = one.schema()
    plan = one.session.plan()
    foreseen = apply_all(before, [step for each in plan.migrations for step in each.up])
    ups, downs = files(one)
    with psycopg.connect(statement_url(one.url), autocommit=True) as connection:

        def run(edit: FileEdit) -> None:
            connection.execute(edit.content.encode())

        for _, pairs in groupby(zip(ups, downs, strict=True), key=lambda pair: pair[0].slug):
            together = list(pairs)
            start = one.schema()
            for up, _ in together:
                run(up)
            for _, down in reversed(together):
                run(down)
            assert loosened(plain(one.schema())) == loosened(plain(start))
            for up, _ in together:
                run(up)
        after = one.schema()
        assert shape(after) == shape(foreseen)
        for down in reversed(downs):
            run(down)
        assert as_before(one.schema(), plan) == as_before(before, plan)
        for up in ups:
            run(up)
        assert plain(one.schema()) == plain(after)
