"""What holds of the whole: layers, a wheel that holds all, and a start beside anybody's packages."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: Names that a user's own project may have; importing one of them must never happen.
SHADOWS = ("wizard", "screens", "generators", "alembic", "click", "sqlalchemy", "sqlglot")


def run(
    words: Sequence[str | Path], folder: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_imports_point_one_way() -> None:
    done = run([Path(sys.executable).parent / "lint-imports", "--no-cache"], ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_every_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in ("wizard", "screens", "generators")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert {"screens/wizard.tcss", "wizard/demo/shop.sql", "wizard/glossary/findings.md"} <= ours
    assert "wizard/demo/project/migrations/script.py.mako" in ours
    assert "generators/sql/layouts/dbmate.py" in ours
    assert ours - names == set()
    shipped = {name for name in names if not name.startswith("migwiz-")}
    assert shipped - ours == {"migwiz_start.py"}, "nothing else belongs to users' machines"


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console script, as a user's own installation has it."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    done = run(
        [
            *(sys.executable, "-m", "pip", "--python", next(scripts.glob("python*"))),
            *("install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"),
            wheel,
        ],
        home,
    )
    assert done.returncode == 0, done.stderr
    (site,) = {path.parent for path in home.rglob("migwiz_start.py")}
    # The libraries are those of this environment; its link to the checkout is not followed.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return next(scripts.glob("migwiz*"))


@pytest.fixture
def crowded(tmp_path: Path) -> Path:
    """A project whose own packages have the names of ours and of our libraries'."""
    for name in SHADOWS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(
            f'raise SystemExit("{name} of the project was imported")\n'
        )
    (tmp_path / "structure.sql").write_text(
        "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n"
    )
    versions = tmp_path / "db" / "migrations"
    versions.mkdir(parents=True)
    (versions / "20250101000000_start.sql").write_text(
        "-- migrate:up\nSELECT 1;\n\n-- migrate:down\nSELECT 1;\n"
    )
    return tmp_path


PLAN = (
    *("plan", "add-column", "--table", "orders", "--column", "currency", "--type", "text"),
    *("--schema", "structure.sql", "--dialect", "postgresql", "--server-version", "16"),
)


@pytest.mark.parametrize("path", ["", ".", "{here}", "{here}:", ".:/nowhere/at/all"])
@pytest.mark.parametrize(
    "words", [("--version",), ("doctor",), PLAN], ids=["version", "doctor", "plan"]
)
def test_it_starts_beside_packages_of_the_same_names(
    installed: Path, crowded: Path, words: Sequence[str], path: str
) -> None:
    named = path.format(here=crowded).replace(":", os.pathsep)
    done = run([installed, *words], crowded, PYTHONPATH=named)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "of the project was imported" not in done.stdout + done.stderr


def test_without_that_care_the_project_would_win(installed: Path, crowded: Path) -> None:
    python = next(installed.parent.glob("python*"))
    done = run([python, "-P", "-c", "import wizard.cli"], crowded, PYTHONPATH=".")
    assert "wizard of the project was imported" in done.stderr


def test_libraries_that_only_pythonpath_has_are_still_found(
    installed: Path, tmp_path: Path
) -> None:
    (tmp_path / "only_here.py").write_text("print('found')\n")
    python = next(installed.parent.glob("python*"))
    code = "import migwiz_start; migwiz_start.installed_first(); import only_here"
    done = run([python, "-P", "-c", code], tmp_path, PYTHONPATH=".")
    assert done.stdout == "found\n", done.stderr


def test_python_m_wizard_is_the_same_program() -> None:
    done = run([sys.executable, "-m", "wizard", "--version"], ROOT)
    assert done.returncode == 0
    assert done.stdout.startswith("migwiz ")
