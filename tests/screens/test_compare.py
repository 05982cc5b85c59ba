"""What the choice of a deployment model shows of each plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from shop import LARGE, plan_of

from screens.compare import effect
from wizard.dialects import dialect
from wizard.dialects.base import Size
from wizard.document import plan_document
from wizard.model.answers import Answers


@pytest.mark.parametrize(
    ("engine", "version", "kind", "said"),
    [
        ("mysql", (8, 0, 36), "change_type", "a tool does it, nothing blocked"),
        ("mysql", (8, 0, 36), "add_index", "nothing blocked"),
        ("postgresql", (16, 4), "add_index", "nothing blocked"),
        ("postgresql", (16, 4), "add_column", "≈ 10 ms blocked"),
    ],
)
def test_what_blocks_and_for_how_long(
    engine: str, version: tuple[int, ...], kind: str, said: str
) -> None:
    plan = plan_of(kind, rollout=LARGE, name=engine, version=version)
    shown = plan_document(
        plan,
        Answers(),
        dialect=dialect(engine, version),
        sizes=lambda _: Size(rows=LARGE.rows, bytes=LARGE.bytes),
        edits=(),
        root=Path(),
    )
    assert effect(plan, shown).endswith(said)
