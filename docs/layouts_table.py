"""Write the table of runners that migwiz writes for: `python docs/layouts_table.py`.

It writes ``docs/layouts.md``: for each layout of SQL files what the files of one migration are called
in a new project, and on which engines the tests run them up, down and up by the tool itself, or why no
tool runs them.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "roundtrip"))

from real_tools import drivers
from test_real_tools import PARSED_ONLY

from generators.base import Job
from generators.sql import GENERATOR
from generators.sql.layouts import layouts
from wizard.dialects import dialect
from wizard.dialects.base import Size
from wizard.model.inverse import change
from wizard.model.names import TableName
from wizard.model.plan import Migration
from wizard.model.schema import Column
from wizard.model.steps import AddColumn

TARGET = Path(__file__).parent / "layouts.md"
LABELS = {"postgresql": "PostgreSQL", "mariadb": "MariaDB", "mysql": "MySQL", "sqlite": "SQLite"}
HEAD = """\
# The runners of SQL files

Made by `python docs/layouts_table.py`. The files are those of one migration in a new project, below
its root; in yours they are named as the newest ones there are. "Run" names the engines on which the
tests let the tool itself run such files up, down and up again (`tests/roundtrip/test_real_tools.py`);
the tools are fetched by `make tools`. Files of a layout without one are only read by a parser.

"""


def files(layout: str) -> str:
    """Return the names of a migration's files, the companions last."""
    step = AddColumn(table=TableName("orders"), column=Column(name="email", type="text"))
    job = Job(
        title="add email",
        plan_slug="add-email",
        migrations=(
            ("expand", Migration(slug="add_email", title="add email", changes=(change(step),))),
        ),
        dialect=dialect("postgresql", (16,)),
        sizes=lambda _: Size(rows=0, bytes=0),
        now=datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC),
        new_id=lambda digits: "0123456789abcdef"[:digits],
    )
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        project = GENERATOR.imagine(root, job.dialect, layout)
        edits = GENERATOR.render(project, job)
        return "<br>".join(f"`{edit.path.relative_to(root).as_posix()}`" for edit in edits)


def run(layout: str) -> str:
    """Return where the tool runs the files, or why no tool does."""
    if layout in PARSED_ONLY:
        return f"no: {PARSED_ONLY[layout]}"
    return ", ".join(LABELS[engine] for engine in drivers()[layout].engines)


def table() -> str:
    """Return the whole page."""
    lines = ["| Layout | Files | Run |", "|---|---|---|"]
    for name, one in sorted(layouts().items()):
        lines.append(f"| {one.label} (`{name}`) | {files(name)} | {run(name)} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8")
