"""What stands in docs/ and is made by a command is what the command would write now."""

from __future__ import annotations

import runpy
from pathlib import Path

from wizard.backfilling.engines import engines
from wizard.backfilling.tables import definitions

DOCS = Path(__file__).parent.parent / "docs"


def test_the_table_of_operations_is_current() -> None:
    made = runpy.run_path(str(DOCS / "operations_table.py"))
    assert (DOCS / "operations.md").read_text(encoding="utf-8") == made["table"](), (
        "run .venv/bin/python docs/operations_table.py"
    )


def test_the_table_of_layouts_is_current() -> None:
    made = runpy.run_path(str(DOCS / "layouts_table.py"))
    assert (DOCS / "layouts.md").read_text(encoding="utf-8") == made["table"](), (
        "run .venv/bin/python docs/layouts_table.py"
    )


def test_the_tables_that_remember_backfills_are_shown_as_they_are_made() -> None:
    shown = (DOCS / "backfills.md").read_text(encoding="utf-8")
    assert all(f"{one};" in shown for one in definitions(engines()["postgresql"]))
