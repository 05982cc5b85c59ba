"""Detection in a tree of ten thousand migration files in forty folders.

    python benchmarks/detect.py [FILES] [FOLDERS]

Bar: 300 ms warm, that is with the file system's cache filled. Cold is the first look of a process
at a tree just written. The ratio is to a bare walk of the same tree that only lists names.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from generators import generators

_ALEMBIC = '''"""message {n}"""
revision = "{n:012x}"
down_revision = {before}
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
'''
_SQL = "-- {mark}\nCREATE TABLE t{n} (id bigint PRIMARY KEY, note text);\n"


def alembic(folder: Path, count: int) -> None:
    """Write an environment with a line of revisions."""
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text("from alembic import context\ncontext.configure()\n")
    (folder / "script.py.mako").write_text("${upgrades}\n")
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s\n")
    for n in range(1, count + 1):
        before = f'"{n - 1:012x}"' if n > 1 else "None"
        (folder / "versions" / f"{n:012x}_message_{n}.py").write_text(
            _ALEMBIC.format(n=n, before=before)
        )


def pairs(folder: Path, count: int) -> None:
    """Write pairs as golang-migrate has them."""
    folder.mkdir(parents=True)
    (folder.parent / "Makefile").write_text("up:\n\tmigrate -path migrations up\n")
    for n in range(1, count // 2 + 1):
        for side in ("up", "down"):
            (folder / f"{n:06}_change_{n}.{side}.sql").write_text(_SQL.format(n=n, mark=side))


def sections(folder: Path, count: int) -> None:
    """Write files as dbmate has them."""
    folder.mkdir(parents=True)
    for n in range(count):
        (folder / f"{20200101000000 + n}_change_{n}.sql").write_text(
            _SQL.format(n=n, mark="migrate:up") + "-- migrate:down\nDROP TABLE t;\n"
        )


def django(folder: Path, count: int) -> None:
    """Write an app with a line of migrations."""
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    for n in range(1, count):
        needs = f'[("app", "{n - 1:04}_change")]' if n > 1 else "[]"
        (folder / f"{n:04}_change.py").write_text(
            "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
            f"    dependencies = {needs}\n    operations = []\n"
        )


_KINDS = (
    (alembic, "service{0}/db"),
    (pairs, "go{0}/migrations"),
    (sections, "worker{0}/db/migrations"),
    (django, "site/app{0}/migrations"),
)


def build(root: Path, files: int, folders: int) -> None:
    """Write the tree: a quarter of the folders each."""
    for n in range(folders):
        write, place = _KINDS[n % len(_KINDS)]
        write(root / place.format(n), files // folders)


def detected(root: Path) -> tuple[float, int]:
    """Return the milliseconds of one detection, and how many projects it found."""
    start = time.perf_counter()
    found = sum(len(one.detect(root)) for one in generators().values())
    return (time.perf_counter() - start) * 1000, found


def walked(root: Path) -> float:
    """Return the milliseconds of a walk that only lists names."""
    start = time.perf_counter()
    for _ in os.walk(root):
        pass
    return (time.perf_counter() - start) * 1000


def main(files: int = 10_000, folders: int = 40) -> None:
    """Print cold, warm and their bar."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        build(root, files, folders)
        cold, found = detected(root)
        warm = min(detected(root)[0] for _ in range(5))
        walk = min(walked(root) for _ in range(5))
    print(f"{found} projects in {folders} folders with {files} files")
    print(
        f"cold {cold:.0f} ms; warm {warm:.0f} ms = {warm / walk:.1f} x a bare walk; bar 300 ms warm"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
