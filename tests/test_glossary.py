"""Every code that a user can be shown has its text, and no text is left without a code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from wizard.glossary import GLOSSARY, read
from wizard.model import errors, findings

ROOT = Path(__file__).parent.parent
#: What makes an error or a finding: its first argument, or ``code``, is the code.
MAKERS = {
    *(name for name, one in vars(errors).items() if isinstance(one, type)),
    *("Finding", "info", "warning", "danger"),
}
PATTERN = re.compile(r"[a-z]+(-[a-z]+)*")


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for package in ("wizard", "generators", "screens"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "demo/project" not in path.as_posix() and path.stem != "findings":
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def code_of(call: ast.Call) -> ast.expr | None:
    if call.args:
        return call.args[0]
    return next((one.value for one in call.keywords if one.arg == "code"), None)


def codes_in(node: ast.expr, where: str) -> set[str]:
    """The codes that an expression can be; a code that is passed on was made elsewhere."""
    match node:
        case ast.Constant(value=str(code)):
            return {code}
        case ast.IfExp(body=yes, orelse=no):
            return codes_in(yes, where) | codes_in(no, where)
        case ast.JoinedStr(values=[ast.Constant(value="template-without-"), _]):
            return {"template-without-upgrade", "template-without-downgrade"}
        case ast.Attribute(attr="code"):
            return set()
        case _:
            pytest.fail(f"{where}: this test cannot tell which code {ast.unparse(node)} is")


def found() -> dict[str, str]:
    codes: dict[str, str] = {}
    for path, tree in modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or called(node) not in MAKERS:
                continue
            code = code_of(node)
            if code is None:
                continue
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            codes |= dict.fromkeys(codes_in(code, where), where)
    return codes


def test_the_search_sees_errors_findings_and_refusals() -> None:
    assert {"unknown-table", "overwrites-values", "rename-breaks-old-code", "gate"} <= set(found())
    assert {"MigwizError", "ConflictError"} <= MAKERS
    assert {"Finding", "info", "warning", "danger"} <= set(vars(findings))


def test_every_code_is_explained() -> None:
    lacking = {code: where for code, where in found().items() if code not in GLOSSARY}
    assert not lacking, "write an entry in a file of wizard/glossary/"


def test_every_entry_belongs_to_a_code() -> None:
    assert set(GLOSSARY) - set(found()) == set(), "remove what nothing raises any more"


@pytest.mark.parametrize("code", sorted(GLOSSARY))
def test_an_entry_reads_well(code: str) -> None:
    assert PATTERN.fullmatch(code)
    first, *rest = GLOSSARY[code].split("\n")
    assert first.endswith(".")
    assert first.count(". ") == 0, "the first line is one sentence"
    assert len(first) <= 100
    assert rest[:1] == [""]
    assert GLOSSARY[code].split("\n\n")[-1].startswith("Do: ")
    assert all(len(line) <= 100 for line in rest), "break lines after 100 characters"
    assert not re.search(r"\bTODO\b|—", GLOSSARY[code])


def test_two_entries_for_one_code_are_refused() -> None:
    with pytest.raises(ValueError, match="two entries explain a-b"):
        read("# Group\n\n## a-b\nOne.\n\n## a-b\nTwo.\n")
