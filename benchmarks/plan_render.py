"""How long planning and rendering take for each operation, engine and kind of file.

Prints medians of one run in milliseconds, and the slowest as a ratio to `ast.parse` of the same
operation's Alembic files, once each; the bar (20 ms for plan and files together) is in DESIGN §9. The projects are those that
each framework's own tool would set up; nothing is read from or written to the disk.

    python benchmarks/plan_render.py [--rounds 20] [--profile KIND]
"""

from __future__ import annotations

import argparse
import ast
import cProfile
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from shop import EXAMPLES, LARGE, plan_of

from generators import generators
from generators.base import FileEdit, Project
from wizard.dialects import dialect
from wizard.dialects.base import Size
from wizard.model.plan import Plan
from wizard.producing import Producer
from wizard.workspace import Environment

ENGINES = {"postgresql": (16, 4), "sqlite": (3, 40, 1)}
TARGETS = ("alembic", "sql/golang-migrate", "sql/dbmate")


def sizes(_: object) -> Size:
    return Size(rows=LARGE.rows, bytes=LARGE.bytes)


def project_for(target: str, root: Path, engine: str) -> Project:
    framework, _, layout = target.partition("/")
    known = dialect(engine, ENGINES[engine])
    generator = generators()[framework]
    return generator.imagine(root, known, layout) if layout else generator.imagine(root, known)


def files(plan: Plan, project: Project, engine: str) -> tuple[FileEdit, ...]:
    environment = Environment(
        root=project.root,
        environ={},
        now=datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC),
        seed="bench",
    )
    producer = Producer(
        plan=plan,
        environment=environment,
        dialect=dialect(engine, ENGINES[engine]),
        sizes=sizes,
    )
    return producer.files(project)


def median(rounds: int, what: Callable[[], object]) -> float:
    what()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        what()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def profile(kind: str, root: Path) -> None:
    project = project_for("alembic", root, "postgresql")
    watch = cProfile.Profile()
    files(plan_of(kind), project, "postgresql")
    watch.enable()
    for _ in range(10):
        files(plan_of(kind), project, "postgresql")
    watch.disable()
    pstats.Stats(watch).sort_stats("cumulative").print_stats(25)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--profile", metavar="KIND", help="show where the time goes instead")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if given.profile:
            profile(given.profile, root)
            return
        print(
            f"medians of {given.rounds}, plan and files; x: the slowest beside ast.parse of the Alembic files"
        )
        print(f"{'operation':<17}{'engine':<12}{'plan':>9}", end="")
        print("".join(f"{target:>20}" for target in TARGETS), f"{'parse':>9}  files      x")
        for engine in ENGINES:
            for kind in sorted(EXAMPLES):
                row(kind, engine, root, given.rounds)


def row(kind: str, engine: str, root: Path, rounds: int) -> None:
    def make() -> Plan:
        return plan_of(kind, name=engine, version=ENGINES[engine])

    plan = make()
    if plan.refused is not None:
        print(f"{kind:<17}{engine:<12}  refused: {plan.refused.code}")
        return
    planning = median(rounds, make)
    print(f"{kind:<17}{engine:<12}{planning:6.2f} ms", end="")
    worst, count = 0.0, 0
    for target in TARGETS:
        project = project_for(target, root, engine)
        both = median(rounds, lambda project=project: files(make(), project, engine))
        count = max(count, len(files(plan, project, engine)))
        worst = max(worst, both)
        print(f"{both:17.2f} ms", end="")
    project = project_for("alembic", root, engine)
    texts = [edit.content for edit in files(plan, project, engine)]
    reference = median(rounds, lambda: [ast.parse(text) for text in texts])
    print(f"{reference:7.2f} ms{count:6}  {worst / reference:5.1f}")


if __name__ == "__main__":
    main()
