"""``migwiz demo``: the sample shop in a temporary folder, with the wizard or a story in it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """The built demo: its project's folder, and its database's SQLAlchemy URL."""

    root: Path
    url: str


def run_rename(*, seconds: float) -> int:
    """Build the shop and rename a column of it while old and new applications run.

    Raises what `run_demo` raises.
    """
    from wizard.demo.guided import rename_under_traffic

    sys.stderr.write("Starting PostgreSQL and filling a sample shop: about five seconds …\n")
    with shop() as built:
        rename_under_traffic(
            built.root, built.url, lambda text: print(text, flush=True), seconds=seconds
        )
    return 0


def run_demo(run: Callable[[Sequence[str]], int], *, interactive: bool | None = None) -> int:
    """Build the shop and run the wizard in it, or one whole change where nobody can be asked.

    ``run`` takes command-line words and returns an exit code; it is called in the shop's folder.
    Everything is gone afterwards. Raises ReachError (`no-sandbox`, `sandbox-start`, `demo-build`)
    and RehearsalError (`demo-failed`).
    """
    if interactive is None:
        from wizard.tty import front_end

        interactive = front_end(sys.stdin, sys.stderr, os.environ) != "headless"
    sys.stderr.write("Starting PostgreSQL and filling a sample shop: about five seconds …\n")
    with shop() as built:
        if not interactive:
            from wizard.demo.story import tell_story

            tell_story(built.root, built.url, lambda text: print(text, flush=True))
            return 0
        # A URL in the shell would win over the shop's own.
        with _inside(built.root), _without("DATABASE_URL"):
            code = run([])
    sys.stderr.write("The shop and its database are gone. Run migwiz in a project of yours.\n")
    return code


@contextlib.contextmanager
def shop() -> Iterator[Shop]:
    """Build the shop on an embedded server; both go when the block ends."""
    from wizard.demo.build import build_demo
    from wizard.rehearsal.sandbox import start_embedded

    folder = Path(tempfile.mkdtemp(prefix="migwiz-demo-")).resolve()
    try:
        server = start_embedded(Path(tempfile.gettempdir()))
        try:
            root = folder / "shop"
            url = server.create_database("shop")
            build_demo(root, url)
            yield Shop(root=root, url=url)
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def _without(name: str) -> Iterator[None]:
    before = os.environ.pop(name, None)
    try:
        yield
    finally:
        if before is not None:
            os.environ[name] = before
