"""Where connection URLs are found, in which order, and with which evidence."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from wizard.database.sources import find_sources
from wizard.model.errors import AnswerError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "services" / "shop"
    folder.mkdir(parents=True)
    return folder


def origins(root: Path, environ: dict[str, str] | None = None, url: str | None = None) -> list[str]:
    return [one.origin for one in find_sources(root, environ or {}, url=url)]


def test_nothing_is_nothing(project: Path) -> None:
    assert find_sources(project, {}) == ()


def test_order_and_evidence(project: Path) -> None:
    sqlite3.connect(project / "shop.db").executescript("CREATE TABLE t (a)")
    (project / ".env").write_text("# shop\nexport DATABASE_URL='postgresql://u:p@h/dotenv'\n")
    (project / "alembic.ini").write_text(
        "[alembic]\nsqlalchemy.url = sqlite:///%(here)s/x%%20.db\n"
    )
    (project / "compose.yml").write_text(
        "services:\n  db:\n    image: postgres:16\n    ports: ['5433:5432']\n"
    )
    found = find_sources(
        project, {"DATABASE_URL": "postgres://u:hush@h/env"}, url="postgresql://u:hush@h/flag"
    )
    assert [(one.origin, one.rank) for one in found] == [
        ("flag --url", 0),
        ("DATABASE_URL in the environment", 1),
        (".env line 2", 2),
        ("alembic.ini [alembic] sqlalchemy.url", 3),
        ("compose.yml service db", 4),
        ("file shop.db", 5),
    ]
    assert found[0].shown == "postgresql://u:***@h/flag"
    assert "hush" not in repr(found)
    assert found[3].url == f"sqlite:///{project}/x%20.db"
    assert [one.dialect for one in found] == ["postgresql"] * 3 + ["sqlite", "postgresql", "sqlite"]


def test_folders_above_up_to_the_repository(project: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=postgresql://h/top")
    (tmp_path.parent / ".env").write_text("DATABASE_URL=postgresql://h/outside")
    try:
        assert origins(project) == ["../../.env line 1"]
        (project / ".env").write_text("DATABASE_URL=postgresql://h/near")
        assert origins(project) == [".env line 1", "../../.env line 1"]
    finally:
        (tmp_path.parent / ".env").unlink()


def test_local_files_come_before_the_shared_one(project: Path) -> None:
    (project / ".env").write_text("DATABASE_URL=postgresql://h/a")
    (project / ".env.local").write_text("DATABASE_URL=postgresql://h/b")
    assert origins(project) == [".env.local line 1", ".env line 1"]


def test_the_same_url_counts_once(project: Path) -> None:
    (project / ".env").write_text("DATABASE_URL=postgresql://h/a\nDB_URL=postgresql://h/a")
    assert origins(project, {"DATABASE_URL": "postgresql://h/a"}) == [
        "DATABASE_URL in the environment"
    ]


def test_libpq_variables_together(project: Path) -> None:
    environ = {"PGHOST": "/run/pg", "PGDATABASE": "shop", "PGUSER": "me", "PGPASSWORD": "a/b"}
    (found,) = find_sources(project, environ)
    assert found.url == "postgresql://me:a%2Fb@/shop?host=%2Frun%2Fpg"
    assert "a%2Fb" not in found.shown
    assert find_sources(project, {"PGHOST": "h"}) == ()


def test_what_is_for_tests_or_no_database_is_ignored(project: Path) -> None:
    environ = {"TEST_DATABASE_URL": "postgresql://h/t", "DATABASE_URL": "redis://h/0"}
    assert find_sources(project, environ) == ()


def test_env_form(project: Path) -> None:
    assert origins(project, {"SHOP": "postgresql://h/d"}, "env:SHOP") == ["SHOP in the environment"]
    (project / ".env").write_text("\nSHOP=postgresql://h/d")
    assert origins(project, {}, "env:SHOP") == [".env line 2"]
    with pytest.raises(AnswerError) as caught:
        find_sources(project, {}, url="env:NOBODY")
    assert caught.value.code == "no-such-variable"


@pytest.mark.parametrize(
    "url", ["driver://user:pass@localhost/dbname", "postgresql://user:pass@localhost/dbname"]
)
def test_placeholders_of_alembic_are_ignored(project: Path, url: str) -> None:
    (project / "alembic.ini").write_text(f"[alembic]\nsqlalchemy.url = {url}\n")
    assert find_sources(project, {}) == ()


def test_pyproject(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        '[tool.alembic]\n"sqlalchemy.url" = "sqlite:///shop.db"\n'
        '[tool.pytest]\ndatabase_url = "postgresql://h/test"\n'
    )
    (found,) = find_sources(project, {})
    assert found.origin == "pyproject.toml [tool.alembic] sqlalchemy.url"
    assert found.url == f"sqlite:///{project}/shop.db"


def test_broken_files_are_passed_over(project: Path) -> None:
    (project / ".env").write_bytes(b"\xff\xfe=\x00'\nDATABASE_URL='open\n")
    (project / "alembic.ini").write_text("sqlalchemy.url = no section\n")
    (project / "pyproject.toml").write_text("= not toml")
    (project / "compose.yaml").write_text("{{ template }}\n\t- : :\n- [")
    (project / "shop.db").write_text("not a database")
    (project / "docker-compose.yml").mkdir()
    assert find_sources(project, {}) == ()


def test_variables_of_mysql_and_mariadb(project: Path) -> None:
    (project / ".env").write_text(
        "# shop\nMARIADB_HOST=db\nMARIADB_USER=app\nMARIADB_PASSWORD='p@ss'\nMARIADB_DATABASE=shop\n"
    )
    environ = {
        "MYSQL_URL": "mysql2://u:hush@h/url",
        "MYSQL_DATABASE": "parts",
        "MYSQL_UNIX_PORT": "/run/mysqld/mysqld.sock",
        "MYSQL_ROOT_PASSWORD": "hush",
    }
    found = find_sources(project, environ)
    assert [(one.url, one.origin, one.dialect) for one in found] == [
        ("mysql2://u:hush@h/url", "MYSQL_URL in the environment", "mysql"),
        (
            "mysql://root:hush@/parts?unix_socket=%2Frun%2Fmysqld%2Fmysqld.sock",
            "MYSQL_DATABASE and its like in the environment",
            "mysql",
        ),
        ("mariadb://app:p%40ss@db/shop", ".env line 5", "mariadb"),
    ]
    assert "hush" not in repr(found)


@pytest.mark.parametrize(
    "environ",
    [
        {"MYSQL_DATABASE": "d", "MYSQL_USER": "u"},  # for a container
        {"MYSQL_HOST": "h", "MYSQL_USER": "u"},
        {"MYSQL_DSN": "u:p@tcp(h)/d"},
    ],
)
def test_half_of_the_variables_is_nothing(project: Path, environ: dict[str, str]) -> None:
    assert find_sources(project, environ) == ()
