"""sqitch, from Debian's packages, which are unpacked beside the system's own perl."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import tools

from generators.base import FileEdit, Project

from .places import Place, versions

_ENGINES = {"postgresql": "pg", "mariadb": "mysql", "sqlite": "sqlite"}


def _root() -> Path:
    return tools.kept("sqitch-of-debian", _unpack) / "root"


def _unpack(folder: Path) -> None:
    why = "needs sqitch: apt-get install sqitch, on Debian"
    ask, get = tools.program("apt-cache", why), tools.program("apt-get", why)
    unpack, root = tools.program("dpkg", why), folder / "root"
    no = ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
    depends = ["depends", "--recurse", *(f"--no-{one}" for one in no), "sqitch"]
    said = tools.run([ask, *depends], folder).splitlines()
    # What is no library of perl's is here already, or a server's.
    libraries = sorted({one for one in said if re.fullmatch(r"lib[\w.+-]+-perl", one)})
    tools.run([get, "-oAPT::Sandbox::User=root", "download", "sqitch", *libraries], folder)
    root.mkdir()
    for package in folder.glob("*.deb"):
        tools.run([unpack, "-x", package, root], folder)
        package.unlink()


class Sqitch:
    layout = "sqitch"
    engines = ("postgresql", "sqlite")

    def bring(self) -> None:
        tools.program("perl", "needs perl: apt-get install perl")
        for client, package in (("psql", "postgresql-client"), ("sqlite3", "sqlite3")):
            tools.program(client, f"needs {client}, which sqitch runs: apt-get install {package}")
        tools.program("mysql", "needs mysql, which sqitch runs: apt-get install mariadb-client")
        _root()

    def prepare(self, project: Project, place: Place) -> None:
        engine = _ENGINES[place.engine]
        (project.root / "sqitch.conf").write_text(f"[core]\n\tengine = {engine}\n")
        plan = project.root / "sqitch.plan"
        if not plan.exists():
            plan.write_text("%syntax-version=1.0.0\n%project=shop\n\n")

    def up(self, project: Project, place: Place) -> str:
        return self._run(project, place, "deploy", "--verify", _url(place))

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        numbers = versions(edits)
        to = [] if numbers[0] == "1" else ["--to", f"@HEAD^{len(numbers)}"]
        return self._run(project, place, "revert", "-y", *to, _url(place))

    def _run(self, project: Project, place: Place, *words: str) -> str:
        root = _root()
        native = [str(one) for one in root.glob("usr/lib/*/perl5/*")]
        return place.run(
            tools.program("perl", "needs perl"),
            "-CAS",
            root / "usr" / "bin" / "sqitch",
            *words,
            folder=project.root,
            PERL5LIB=":".join((str(root / "usr" / "share" / "perl5"), *native)),
            SQITCH_FULLNAME="Ann Example",
            SQITCH_EMAIL="ann@example.org",
            SQITCH_PASSWORD=place.password,
            TZ="UTC",
        )


def _url(place: Place) -> str:
    if place.engine == "sqlite":
        return f"db:sqlite:{place.database}"
    if place.engine == "postgresql":
        return f"db:pg://{place.user}@/{place.database}?host={place.host}&port={place.port}"
    return f"db:mysql://{place.user}@{place.host}:{place.port}/{place.database}"


DRIVER = Sqitch()
