"""What else names a migration is found by its history."""

from __future__ import annotations

from pathlib import Path

from django_projects import make_django_project
from projects import BASE, make_alembic_project

from generators import generators
from generators.base import FileEdit, Project


def found(framework: str, root: Path, *revisions: str) -> list[tuple[str, str, str]]:
    generator = generators()[framework]
    project: Project = generator.detect(root)[0]
    edits = [
        FileEdit(path=root / one, content="", phase="expand", revision=one) for one in revisions
    ]
    return [(one.path.name, one.on, one.instead) for one in generator.ties(project, edits)]


def revision(name: str, parent: str, needs: str = "None") -> str:
    text = BASE.replace("8c1f2a40d511", name)
    text = text.replace("down_revision = None", f'down_revision = "{parent}"')
    return text.replace("depends_on = None", f"depends_on = {needs}")


def test_revisions_that_follow_or_need_it(tmp_path: Path) -> None:
    versions = make_alembic_project(tmp_path) / "migrations" / "versions"
    (versions / "a.py").write_text(revision("aaaa", "8c1f2a40d511"))
    (versions / "b.py").write_text(revision("bbbb", "aaaa"))
    assert found("alembic", tmp_path, "aaaa", "bbbb") == []
    (versions / "c.py").write_text(revision("cccc", "bbbb"))
    (versions / "d.py").write_text(revision("dddd", "8c1f2a40d511", '"aaaa"'))
    assert sorted(found("alembic", tmp_path, "aaaa", "bbbb")) == [
        ("c.py", "bbbb", "8c1f2a40d511"),
        ("d.py", "aaaa", "8c1f2a40d511"),
    ]


def test_migrations_of_any_app_that_depend_on_it(tmp_path: Path) -> None:
    folder = make_django_project(tmp_path) / "shop" / "migrations"
    text = (
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        '    dependencies = [("shop", "%s")]\n    operations = []\n'
    )
    (folder / "0002_ours.py").write_text(text % "0001_initial")
    assert found("django", tmp_path, "shop.0002_ours") == []
    (folder / "0003_theirs.py").write_text(text % "0002_ours")
    assert found("django", tmp_path, "shop.0002_ours") == [
        ("0003_theirs.py", "shop.0002_ours", "shop.0001_initial")
    ]
