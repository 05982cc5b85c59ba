"""What the README shows is what happens: its commands run, in order, in the sample shop.

After a change that is meant: ``MIGWIZ_README=1 pytest tests/test_readme.py``, then read the diff. It
puts in what is said now, for the lines that are shown.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from servers import TestServer

from wizard.demo.build import build_demo

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
#: Read before the environment is frozen for each test.
UPDATE = os.environ.get("MIGWIZ_README") == "1"
#: Stands in the README for lines that are left out.
CUT = "…"
#: The day on which the README's files were named; each `migwiz next` comes a day later.
DAY = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
PROGRAMS = {"migwiz": "wizard", "alembic": "alembic"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A command; ``first`` is the number of the first line shown below it."""

    line: int
    first: int
    words: tuple[str, ...]
    shown: tuple[str, ...]
    code: int


def examples() -> Iterator[Example]:
    text = README.read_text(encoding="utf-8")
    for block in re.finditer(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        first = text.count("\n", 0, block.start(1)) + 1
        lines = block[1].splitlines()
        starts = [at for at, line in enumerate(lines) if line.startswith("$ ")]
        commands: list[tuple[int, str, list[str], int]] = []
        for at, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            rest = lines[at:end]
            command = rest.pop(0)[2:]
            while command.endswith("\\"):
                command = command[:-1] + rest.pop(0)
            commands.append((first + at, command, rest, first + end - len(rest)))
        for (line, command, shown, below), following in zip(
            commands, [*commands[1:], (0, "", [], 0)], strict=True
        ):
            if command == "echo $?":
                continue
            code = int(following[2][0]) if following[1] == "echo $?" else 0
            yield Example(
                line=line,
                first=below,
                words=tuple(shlex.split(command)),
                shown=tuple(shown),
                code=code,
            )


def run(example: Example, root: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    program, *words = example.words
    if program == "cat":
        return 0, "".join((root / word).read_text(encoding="utf-8") for word in words)
    done = subprocess.run(
        [sys.executable, "-m", PROGRAMS[program], *words],
        cwd=root,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def differences(example: Example, said: str) -> list[str]:
    """Return what is shown and was not said, or was said and left out without a cut."""
    where, problems = f"README line {example.line}", []
    lines, at, cut = said.splitlines(), 0, False
    for shown in example.shown:
        if shown == CUT:
            cut = True
        elif shown not in lines[at:]:
            problems.append(f"{where} shows {shown!r}, which is not said")
        else:
            found = lines.index(shown, at)
            if found != at and not cut:
                problems.append(f"{where} leaves out {lines[at:found]}")
            at, cut = found + 1, False
    left = [line for line in lines[at:] if line.strip()]
    if left and not cut:
        problems.append(f"{where} leaves out {left} at its end")
    return [*problems, f"{where} is really:\n{said}"] if problems else []


def corrected(example: Example, said: str) -> list[str]:
    """Return the shown lines as they are now: the nearest line that is said, or none."""
    lines, at, shown = said.splitlines(), 0, list[str]()
    for one in example.shown:
        if one == CUT:
            continue
        near = difflib.get_close_matches(one, lines[at:], n=1, cutoff=0.5)
        if not near:
            continue
        found = lines.index(near[0], at)
        shown += [CUT] * (found != at) + [near[0]]
        at = found + 1
    return shown + [CUT] * any(line.strip() for line in lines[at:])


def rewrite(updates: list[tuple[Example, list[str]]]) -> None:
    """Put corrected lines into the README, from its end to its beginning."""
    lines = README.read_text(encoding="utf-8").splitlines()
    for example, shown in reversed(updates):
        start = example.first - 1
        lines[start : start + len(example.shown)] = shown
    README.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def shop(postgres18: TestServer) -> Iterator[Path]:
    with (
        tempfile.TemporaryDirectory(prefix="migwiz-readme-") as folder,
        postgres18.database("shop") as url,
    ):
        root = Path(folder).resolve()
        build_demo(root, url)
        yield root


def test_the_readme_shows_what_happens(shop: Path) -> None:
    now, ran, problems, updates = DAY, 0, [], []
    for example in examples():
        now += timedelta(days=example.words[:2] == ("migwiz", "next"))
        moment = {"MIGWIZ_NOW": now.isoformat(), "MIGWIZ_SEED": "readme"}
        code, said = run(example, shop, moment)
        if code != example.code:
            problems.append(f"README line {example.line} ended with {code}:\n{said}")
        found = differences(example, said)
        if found:
            updates.append((example, corrected(example, said)))
        problems += found
        ran += 1
    if UPDATE:
        rewrite(updates)
        return
    assert not problems, "\n".join(problems)
    assert ran >= 15


def test_its_links_lead_somewhere() -> None:
    text = README.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!http)([^)#]+)", text)
    assert "CONTRIBUTING.md" in links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_a_line_that_is_not_said_fails() -> None:
    example = Example(line=1, first=2, words=("migwiz",), shown=("one", CUT, "three"), code=0)
    assert differences(example, "one\ntwo\nthree\n") == []
    assert "shows 'three'" in differences(example, "one\ntwo\n")[0]
    assert "at its end" in differences(example, "one\ntwo\nthree\nfour\n")[0]
    assert corrected(example, "one\ntwo\nthree!\nfour\n") == ["one", CUT, "three!", CUT]
    assert "leaves out ['zero']" in differences(example, "zero\none\nthree\n")[0]
