"""Every operation's example through both versions: what it writes, and in which order it runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines import GOLDEN_VERSIONS
from seaorm_kit import imagined, job
from shop import EXAMPLES, LARGE, plan_of

from generators.seaorm import GENERATOR
from generators.seaorm.splitting import files, groups
from wizard.dialects import dialect
from wizard.model.plan import Migration


def migrations(kind: str, engine: str) -> tuple[Migration, ...]:
    plan = plan_of(kind, rollout=LARGE, name=engine, version=GOLDEN_VERSIONS[engine])
    return () if plan.refused else plan.migrations


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_a_plan_in_both_versions(kind: str, tmp_path: Path) -> None:
    for engine in sorted(GOLDEN_VERSIONS):
        known = dialect(engine, GOLDEN_VERSIONS[engine])
        planned = migrations(kind, engine)
        if not planned:
            continue
        for version in ("1.1", "2.0"):
            edits = GENERATOR.render(imagined(tmp_path, version), job(*planned, engine=known))
            GENERATOR.check(edits, known)
            names = [one.revision for one in edits if one.revision]
            assert names == sorted(set(names))
            texts = [one.content for one in edits if one.revision]
            scripts = [one.content for one in edits if one.path.suffix == ".sql"]
            if version == "1.1" and engine == "postgresql":
                # Inside of a run's only transaction none of these can be, or should be.
                assert not any("CONCURRENTLY" in one.replace("//!", "") for one in texts)
                assert not any("VALIDATE CONSTRAINT" in one or "loop {" in one for one in texts)
            else:
                assert scripts == []


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_what_runs_alone_runs_first(kind: str) -> None:
    known = dialect("postgresql", GOLDEN_VERSIONS["postgresql"])
    for whole in migrations(kind, "postgresql"):
        for part in files(whole, known):
            for steps in (part.up, part.down):
                order = [one.alone for one in groups(steps, known)]
                assert order in ([], [True], [False], [True, False]), part.slug
