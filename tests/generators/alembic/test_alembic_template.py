from __future__ import annotations

import ast
from pathlib import Path

import pytest
from alembic_kit import GENERIC, NOW, ORDERS, detected, job, migration, project_files

from generators.alembic import GENERATOR, template
from generators.alembic.template import DEFAULT, Values, is_plain, render
from generators.base import FileEdit
from wizard.model.errors import ConflictError, ReachError
from wizard.model.schema import Column
from wizard.model.steps import AddColumn, Nothing

ADD = migration("add status", AddColumn(table=ORDERS, column=Column(name="status", type="text")))
VALUES = Values(
    message="a message",
    up_revision="abc",
    down_revision=None,
    create_date=NOW,
    upgrades="pass",
    downgrades="pass",
)


def rendered(tmp_path: Path, text: str, one=ADD) -> FileEdit:  # type: ignore[no-untyped-def]
    root = project_files(tmp_path, template=text)
    (edit,) = GENERATOR.render(detected(root), job(one))
    GENERATOR.check((edit,), job().dialect)
    return edit


def test_alembics_own_templates_are_plain() -> None:
    assert is_plain(DEFAULT)
    assert is_plain(GENERIC.read_text())
    for name in ("async", "pyproject", "pyproject_async"):
        path = GENERIC.parent.parent / name / "script.py.mako"
        assert is_plain(path.read_text()), name
    assert not is_plain((GENERIC.parent.parent / "multidb/script.py.mako").read_text())


@pytest.mark.parametrize(
    "text",
    [
        "<% import os %>",
        "<%! import os %>",
        "<%include file='x'/>",
        "<%block>x</%block>",
        "% if True:\nx\n% endif",
        "  % for x in y:\n  % endfor",
        "${open('x')}",
        "${message.upper()}",
        "${__import__('os')}",
        "${repr(open)}",
        "${repr(message, up_revision)}",
        "${message | os.system}",
        "${message | n | comma}",
        "${context}",
        "${self}",
        "${config.x}",
        "${[x for x in y]}",
        "${lambda: 1}",
        "${message[0]}",
        "${f'{message}'}",
        "${1 +}",
        "${message",
        "${ {'a': 1} }",
        "${(message := up_revision)}",
        "${message if config else ''}",
    ],
)
def test_what_could_do_something_is_not_plain(text: str) -> None:
    assert not is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "${message}",
        "${ repr(up_revision) }",
        "${down_revision | comma,n}",
        "${imports if imports else ''}",
        '${upgrades if upgrades else "pass"}',
        "${downgrades or 'pass'}",
        "## a comment\n100%\n",
        "${create_date}",
    ],
)
def test_what_only_names_values_is_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "code",
    [
        "<%! open(r'{trap}', 'w').close() %>",
        "<% open(r'{trap}', 'w').close() %>",
        "${{open(r'{trap}', 'w').close() or ''}}",
        "% if open(r'{trap}', 'w').close():\n% endif\n",
    ],
)
def test_a_template_with_code_never_runs_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """With the other process taken away, nothing is left that would run it."""
    trap = tmp_path / "ran"
    text = code.format(trap=trap) + "\n" + DEFAULT
    monkeypatch.setattr(template, "_in_own_process", lambda *_: "elsewhere")
    assert render(text, VALUES, folder=tmp_path) == "elsewhere"
    assert not trap.exists()
    monkeypatch.undo()
    assert "a message" in render(text, VALUES, folder=tmp_path)
    assert trap.exists()  # it did run, but not in this process


def test_a_template_with_code_yields_the_same_text(tmp_path: Path) -> None:
    plain = render(DEFAULT, VALUES, folder=tmp_path)
    assert render("<% x = 1 %>" + DEFAULT, VALUES, folder=tmp_path) == plain


def test_a_template_may_print_and_still_be_understood(tmp_path: Path) -> None:
    text = "<%\nimport sys\nprint('hello')\nsys.stdout.write('x')\n%>" + DEFAULT
    assert "a message" in render(text, VALUES, folder=tmp_path)


def test_a_failing_template_says_its_last_line(tmp_path: Path) -> None:
    with pytest.raises(ReachError) as raised:
        render("<% raise ValueError('no luck') %>", VALUES, folder=tmp_path)
    assert raised.value.code == "template-failed"
    assert raised.value.why == "ValueError: no luck"


def test_an_endless_template_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "_SECONDS", 1)
    with pytest.raises(ReachError, match="cannot be rendered") as raised:
        render("<%\nwhile True:\n    pass\n%>", VALUES, folder=tmp_path)
    assert "longer than 1 seconds" in raised.value.why


def test_a_template_without_downgrade_is_refused(tmp_path: Path) -> None:
    text = DEFAULT[: DEFAULT.index("def downgrade")]
    with pytest.raises(ConflictError) as raised:
        rendered(tmp_path, text)
    assert raised.value.code == "template-without-downgrade"
    assert "no downgrade function" in raised.value.message


def test_a_template_that_loses_the_code_is_refused(tmp_path: Path) -> None:
    text = DEFAULT.replace('${downgrades if downgrades else "pass"}', "pass")
    with pytest.raises(ConflictError) as raised:
        rendered(tmp_path, text)
    assert raised.value.code == "template-without-body"


def test_templates_for_several_databases_are_refused(tmp_path: Path) -> None:
    text = (GENERIC.parent.parent / "multidb/script.py.mako").read_text()
    with pytest.raises(ConflictError) as raised:
        rendered(tmp_path, text)
    assert raised.value.code == "several-databases"


def test_a_missing_template_is_said(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    (root / "migrations/script.py.mako").unlink()
    with pytest.raises(ConflictError) as raised:
        GENERATOR.render(detected(root), job(ADD))
    assert raised.value.code == "no-template"


def test_a_template_that_is_no_python_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConflictError) as raised:
        rendered(tmp_path, DEFAULT + "\nclass\n")
    assert raised.value.code == "template-python"


def test_licence_comment_and_missing_imports(tmp_path: Path) -> None:
    text = "# Copyright nobody\n" + DEFAULT.replace("import sqlalchemy as sa\n", "")
    content = rendered(tmp_path, text).content
    assert content.startswith("# Copyright nobody\n")
    assert "import sqlalchemy as sa\n" in content
    assert content.index("Plan     a-plan") < content.index("Revision ID")


def test_a_template_without_docstring_gets_comments(tmp_path: Path) -> None:
    text = DEFAULT[DEFAULT.index("from typing") :]
    content = rendered(tmp_path, text).content
    assert content.startswith("# Plan     a-plan · expand · 1 of 1\n")


def test_a_docstring_on_one_line(tmp_path: Path) -> None:
    text = '"""${message}"""\n' + DEFAULT[DEFAULT.index("from typing") :]
    content = rendered(tmp_path, text).content
    assert content.startswith('"""add status\n\nPlan     a-plan')
    docstring = ast.get_docstring(ast.parse(content))
    assert docstring is not None
    assert docstring.splitlines()[0] == "add status"
    assert "Down" in docstring


def test_a_docstring_that_starts_on_the_next_line(tmp_path: Path) -> None:
    text = DEFAULT.replace('"""${message}', '"""\n${message}')
    content = rendered(tmp_path, text).content
    assert content.startswith('"""\nadd status\n\nPlan     a-plan')


def test_the_reason_replaces_the_templates_docstring(tmp_path: Path) -> None:
    idle = migration("idle", Nothing(reason="both columns hold the same values"))
    content = rendered(tmp_path, GENERIC.read_text(), idle).content
    assert content.count('"""Both columns hold the same values."""') == 1
    assert '"""Upgrade schema."""' not in content


def test_a_title_cannot_leave_the_docstring(tmp_path: Path) -> None:
    evil = migration('drop """ + boom() + """ and \\ "it"', Nothing(reason='x """ \\'))
    content = rendered(tmp_path, DEFAULT, evil).content
    assert "boom()" in (ast.get_docstring(ast.parse(content)) or "")
    calls = [node for node in ast.walk(ast.parse(content)) if isinstance(node, ast.Call)]
    assert calls == []
