"""SQL in literals of other languages, read back by those languages themselves."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import tools

from generators.sql.hosted import elixir, ruby, template

#: Lines of these may be moved: no string of theirs spans two.
MOVED = ("SELECT 1,\n    2\nFROM t", "DO $$\nBEGIN\n    PERFORM 1;\nEND\n$$")
EXACT = (
    "SELECT 'it''s `a` ${b} #{c} #$d #@e \\n \\\\ \\u0041 \"\"\" % $1 :x ?'",
    "SELECT 'two\n lines\n\n    and blanks   \n'",
    "SELECT 'a\r\nb\rc'",
    "SELECT '\nSQL\n'",
    "SELECT 'ümlaut   \t end'",
    "SELECT $$a\n  b$$",
    "SELECT E'a\\'\n  b'",
)


def javascript(text: str) -> str:
    return f"console.log(JSON.stringify({template(text, '  ')}));\n"


def rubies(text: str) -> str:
    start, rest = ruby(text, "  ").split("\n", 1)
    return f"require 'json'\n  puts [{start}.itself].to_json\n{rest}\n"


def elixirs(text: str) -> str:
    return f"    IO.puts(Base.encode16({elixir(text, '    ')}))\n"


def run(program: str, path: Path) -> list[str]:
    done = subprocess.run(
        [program, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.splitlines()


def test_lines_stand_below_the_start() -> None:
    assert template("SELECT 1", "  ") == "`SELECT 1`"
    assert template("SELECT 1,\n    2", "  ") == "`\n    SELECT 1,\n        2\n  `"
    # What is inside a string is not moved.
    assert template("SELECT 'a\nb'", "  ") == "`\nSELECT 'a\nb'\n  `"
    assert ruby("SELECT 1", "    ") == "<<~SQL\n      SELECT 1\n    SQL"
    assert elixir("SELECT 1", "    ") == '"""\n    SELECT 1\n    """'


@pytest.mark.real_tool
def test_javascript_reads_what_was_meant(tmp_path: Path) -> None:
    node = tools.program("node", "needs Node.js: apt-get install nodejs")
    path = tmp_path / "x.cjs"
    path.write_text("".join(map(javascript, EXACT + MOVED)), newline="")
    found = [json.loads(line).strip("\n ") for line in run(node, path)]
    assert tuple(found[: len(EXACT)]) == EXACT
    # Blanks in front of lines are all that may differ.
    moved = ["\n".join(line.strip() for line in one.split("\n")) for one in found[len(EXACT) :]]
    assert moved == ["\n".join(line.strip() for line in one.split("\n")) for one in MOVED]


@pytest.mark.real_tool
@pytest.mark.parametrize(
    ("program", "ending", "source", "decode"),
    [
        ("ruby", ".rb", rubies, lambda line: json.loads(line)[0]),
        ("elixir", ".exs", elixirs, lambda line: bytes.fromhex(line).decode()),
    ],
)
def test_heredocs_hold_the_very_text(
    program: str,
    ending: str,
    source: Callable[[str], str],
    decode: Callable[[str], str],
    tmp_path: Path,
) -> None:
    found = tools.program(program, f"needs {program}: apt-get install {program}")
    path = tmp_path / f"x{ending}"
    path.write_text("".join(map(source, EXACT + MOVED)), newline="")
    assert [decode(line) for line in run(found, path)] == [f"{one}\n" for one in EXACT + MOVED]
