"""``migwiz demo --rename``: a rename over three deploys, under the traffic of old and new code.

Everything is done as a user would: the files are written by migwiz phase by phase, and run by the
real Alembic. The applications never stop; what they ask and what went wrong is counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from wizard.demo.application import Version
from wizard.demo.build import run_alembic
from wizard.demo.calling import migwiz, plan_file
from wizard.demo.fleet import Fleet
from wizard.demo.ledger import Ledger
from wizard.demo.naive import rename_at_once
from wizard.demo.proof import connect, has_column, look, same_objects
from wizard.demo.rename_report import told
from wizard.demo.story import CHANGE, NEW, OLD
from wizard.demo.tally import Tally
from wizard.journal import read
from wizard.model.errors import RehearsalError
from wizard.model.plan import Gate

OLD_CODE = Version(name="old code", reads=OLD, writes=OLD)
#: May come as soon as a trigger keeps both columns equal; what it reads is complete all the time.
BETWEEN = Version(name="deploy 1", reads=OLD, writes=NEW)
NEW_CODE = Version(name="deploy 2", reads=NEW, writes=NEW)

#: Orders that the applications work on: few enough to meet each other there all the time.
_BUSY = 300


class Guide:
    """One run of it: where it is, and what it has seen so far."""

    def __init__(self, root: Path, url: str, say: Callable[[str], None], *, seconds: float) -> None:
        self.root, self.url, self.seconds = root, url, seconds
        self._say = say
        self._began = time.monotonic()
        self.tally = Tally()
        self.ledger = Ledger(statuses(url, OLD), busy=_BUSY)
        self.fleet = Fleet(url, self.ledger, self.tally)

    def stage(self, name: str) -> None:
        """Begin a stage, by whose name its queries are counted."""
        self.tally.stage = name

    def tell(self, what: str) -> None:
        """Say what has just been done, and which versions run."""
        at = time.monotonic() - self._began
        self._say(f"{at:6.1f} s  {self.tally.stage:<16}{what:<58}{self.fleet}")

    def hold(self) -> None:
        """Let the applications run for a while, with nothing else going on."""
        time.sleep(self.seconds)

    def deploy(self, version: Version, *, leave: int = 0) -> None:
        """Replace instances by those of another version, one by one."""
        self.fleet.deploy(version, seconds=self.seconds, leave=leave)
        self.tell(f"{version.name} rolls out, one instance at a time")

    def upgrade(self) -> None:
        """Run the files that are new, while everything runs."""
        said = run_alembic(self.root, "upgrade", "head")
        self.tell(f"alembic upgrade head, {said.count('Running upgrade')} files")

    def downgrade(self, revision: str) -> None:
        """Go back behind the files of a phase, while everything runs."""
        said = run_alembic(self.root, "downgrade", revision)
        self.tell(f"alembic downgrade {revision}, {said.count('Running downgrade')} files")

    def compare(self) -> None:
        """Compare every row under every name there is; raises RehearsalError at a difference."""
        names = [one for one in (OLD, NEW) if has_column(self.url, "orders", one)]
        with self.fleet.still():
            expected = self.ledger.all()
            found = {one: statuses(self.url, one) for one in names}
        for one, values in found.items():
            wrong = {
                key for key in expected.keys() | values if expected.get(key) != values.get(key)
            }
            if wrong:
                raise RehearsalError(
                    "demo-failed",
                    f"{len(wrong)} orders do not say in {one} what was written last.",
                    why=f"The first is {min(wrong)}.",
                )
        self.tell(f"{len(expected):,} rows are right in {' and in '.join(names)}")


def rename_under_traffic(
    root: Path, url: str, say: Callable[[str], None], *, seconds: float
) -> tuple[Tally, Tally]:
    """Rename orders.status_code in the shop and go back, while old and new code ask all the time.

    Each stage lasts ``seconds`` and the time that its files take. Raises RehearsalError
    (`demo-failed`) when a query fails or reads what nobody wrote, or when a row or an object is not
    as it should be. Returns what was counted in it, and around the one-line rename.
    """
    before = look(url)
    guide = Guide(root, url, say, seconds=seconds)
    for version in (OLD_CODE, BETWEEN, NEW_CODE):
        say(f"  {version.name:<10}reads {version.reads}, writes {version.writes}")
    say(f"\n    time  {'stage':<16}{'what is done':<58}what runs\n")
    with guide.fleet:
        guide.stage("before")
        guide.fleet.start(OLD_CODE)
        guide.hold()
        guide.tell("only the old code, in all its instances")
        gates, revisions = _there(guide)
        _back(guide, revisions)
    after = look(url)
    naive = rename_at_once(url, say, old=OLD_CODE, new=NEW_CODE, seconds=seconds, busy=_BUSY)
    say(told(guide.tally, naive, gates))
    same_objects(before, after)
    if guide.tally.failed:
        raise RehearsalError(
            "demo-failed",
            f"{guide.tally.failed} of {guide.tally.asked} queries failed during the guided rename.",
            why="; ".join(f"{times} × {problem}" for problem, times in guide.tally.problems()[:3]),
        )
    return guide.tally, naive


def _there(guide: Guide) -> tuple[Sequence[str], Mapping[str, str]]:
    """Go through all phases; return what their gates said, and the revision before each phase."""
    gates: list[str] = []
    revisions: dict[str, str] = {}
    guide.stage("expand")
    path = plan_file(guide.root, migwiz(guide.root, "write", *CHANGE))
    name = "expand"
    while True:
        guide.stage(name)
        revisions[name] = revision(guide.url)
        guide.upgrade()
        if name == "expand":
            guide.stage("deploy 1")
            # Half of the old code stays: a rollout may take long, and may stop in the middle.
            guide.deploy(BETWEEN, leave=3)
            too_early = read(path).phases[-1]
            gates += _asked(guide, f"{too_early.name}, too early", too_early.gate)
        elif name == "validate":
            guide.compare()
            guide.stage("deploy 2")
            guide.deploy(NEW_CODE, leave=2)
            guide.hold()
            guide.deploy(NEW_CODE)
        else:
            guide.hold()
        kept = read(path)
        following = kept.next_phase
        if following is None:
            break
        name = following.name
        gates += _asked(guide, name, following.gate)
        migwiz(guide.root, "next", kept.slug, "--gate-open")
    guide.compare()
    return gates, revisions


def _asked(guide: Guide, name: str, gate: Gate | None) -> tuple[str, ...]:
    """Ask a gate's query; return what it asks for, what came back, and what runs, in one line."""
    if gate is None or gate.query is None:
        return ()
    with connect(guide.url) as connection:
        count = connection.execute(gate.query.rstrip(";").encode()).rowcount
    # The query ends after a few rows: it is to find one, not to count them.
    answer = "closed, rows differ" if count else "open, no row differs"
    guide.tell(f"gate before {name}: {answer}")
    return (f"{name}: {answer}; {guide.fleet} run", f"    {gate.text}")


def _back(guide: Guide, revisions: Mapping[str, str]) -> None:
    """Take every phase back: the old code comes back as soon as both names are there again."""
    # The fill has nothing to undo: it goes together with what is behind it.
    for name in reversed([one for one in revisions if one != "backfill"]):
        guide.stage(f"{name}, back")
        guide.downgrade(revisions[name])
        if name == "contract":
            guide.compare()
            guide.stage("old code back")
            guide.deploy(OLD_CODE, leave=3)
        if name == "validate":
            guide.deploy(OLD_CODE)
    guide.stage("after")
    guide.hold()
    guide.compare()


def revision(url: str) -> str:
    """Return the revision at which the shop's database is."""
    with connect(url) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        assert row is not None
        return str(row[0])


def statuses(url: str, column: str) -> dict[int, str]:
    """Return every order's status, as one of its names tells it."""
    from psycopg import sql

    with connect(url) as connection:
        query = sql.SQL("SELECT id, {} FROM orders").format(sql.Identifier(column))
        return {int(row[0]): str(row[1]) for row in connection.execute(query)}
