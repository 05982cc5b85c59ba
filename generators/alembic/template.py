"""The project's own script.py.mako, rendered.

A Mako template is a program. It is only compiled in this process when it holds nothing but
expressions from a short list; any other is rendered by a Python of its own, with a time limit.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from generators.reading import read_text
from wizard.model.errors import ConflictError, ReachError

_SECONDS = 20
_EXPRESSION = re.compile(r"\$\{([^{}]*)\}")
_CONTROL = re.compile(r"^[ \t]*%", re.MULTILINE)
#: How the templates for several databases ask for each one's code.
_PER_DATABASE = re.compile(r"%s_upgrades|_upgrades\b.*\bcontext\b|\bcontext\b.*_upgrades\b")
_NAMES = frozenset(
    {
        "message", "up_revision", "down_revision", "branch_labels", "depends_on", "create_date",
        "imports", "upgrades", "downgrades",
    }
)  # fmt: skip
_FUNCTIONS = frozenset({"repr", "str"})
_FILTERS = frozenset({"comma", "n", "trim", "str"})

#: What Alembic's generic environment begins with, for a project that is only imagined.
DEFAULT = '''"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

# revision identifiers, used by Alembic.
revision: str = ${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = ${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
'''

# Reads the template and its values as JSON, writes the text as JSON behind whatever it prints.
_CHILD = """
import datetime, json, sys
out, sys.stdout = sys.stdout, sys.stderr
given = json.load(sys.stdin)
values = given["values"]
values["create_date"] = datetime.datetime.fromisoformat(values["create_date"])
if isinstance(values["down_revision"], list):
    values["down_revision"] = tuple(values["down_revision"])
def comma(value):
    return "" if value is None else value if isinstance(value, str) else ", ".join(value)
from mako.template import Template
made = Template(text=given["template"], filename=given["name"], module_directory=None)
text = made.render_unicode(comma=comma, config=None, **values)
out.write("\\n" + json.dumps({"text": text}) + "\\n")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What Alembic hands to a template. ``upgrades`` and ``downgrades`` are code, indented."""

    message: str
    up_revision: str
    down_revision: str | None
    create_date: datetime
    upgrades: str
    downgrades: str

    def mapping(self) -> dict[str, Any]:
        """Return the names that a template may use."""
        return {
            "message": self.message,
            "up_revision": self.up_revision,
            "down_revision": self.down_revision,
            "branch_labels": None,
            "depends_on": None,
            "create_date": self.create_date,
            "imports": "",
            "upgrades": self.upgrades,
            "downgrades": self.downgrades,
        }


def read_template(scripts: Path) -> str:
    """Return the text of the project's template; raises ConflictError when there is none."""
    text = read_text(scripts / "script.py.mako")
    if text is None:
        raise ConflictError(
            "no-template",
            f"{scripts.name} has no script.py.mako, so Alembic cannot write a file there",
            next_actions=("restore script.py.mako (alembic init shows what it looks like)",),
        )
    if _PER_DATABASE.search(text):
        raise ConflictError(
            "several-databases",
            "the project's script.py.mako writes a pair of functions for each of several databases",
            why="a plan is for one database, and migwiz does not say which function is which",
            next_actions=("write the change into the function of its database by hand",),
        )
    return text


def render(template: str, values: Values, *, folder: Path) -> str:
    """Return the rendered template; ``folder`` is where a template with code runs.

    Raises ReachError when a template with code fails or takes too long.
    """
    if is_plain(template):
        return str(_compiled(template).render_unicode(comma=_comma, **values.mapping()))
    return _in_own_process(template, values, folder)


@lru_cache(maxsize=32)
def is_plain(template: str) -> bool:
    """Tell whether a template holds nothing but expressions that cannot do anything."""
    if "<%" in template or _CONTROL.search(template):
        return False
    if "${" in _EXPRESSION.sub("", template):
        return False
    return all(_is_harmless(one) for one in _EXPRESSION.findall(template))


def _is_harmless(expression: str) -> bool:
    code, *filters = expression.split("|")
    if len(filters) > 1:
        return False
    names = [one.strip() for one in ",".join(filters).split(",") if one.strip()]
    if not set(names) <= _FILTERS:
        return False
    try:
        tree = ast.parse(code.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        return False
    return _is_allowed(tree.body)


def _is_allowed(node: ast.expr) -> bool:
    match node:
        case ast.Name(id=name):
            return name in _NAMES
        case ast.Constant(value=value):
            return value is None or isinstance(value, str)
        case ast.IfExp(test=test, body=body, orelse=other):
            return all(_is_allowed(one) for one in (test, body, other))
        case ast.BoolOp(values=values):
            return all(_is_allowed(one) for one in values)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            return name in _FUNCTIONS and _is_allowed(argument)
        case _:
            return False


@lru_cache(maxsize=32)
def _compiled(template: str) -> Any:
    from mako.template import Template

    return Template(text=template)


def _comma(value: str | Sequence[str] | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else ", ".join(value)


def _in_own_process(template: str, values: Values, folder: Path) -> str:
    given = {**values.mapping(), "create_date": values.create_date.isoformat()}
    asked = json.dumps({"template": template, "values": given, "name": "script.py.mako"})
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _CHILD],
            input=asked,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            cwd=folder,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _failed(f"it took longer than {_SECONDS} seconds") from None
    except OSError as error:
        raise _failed(error.strerror or "Python did not start") from None
    lines = done.stdout.strip().splitlines()
    answer = _answer(lines[-1]) if lines and done.returncode == 0 else {}
    if "text" not in answer:
        told = done.stderr.strip().splitlines()
        raise _failed(told[-1] if told else f"Python ended with code {done.returncode}")
    return str(answer["text"])


def _answer(line: str) -> Mapping[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError:
        return {}
    return answer if isinstance(answer, Mapping) else {}


def _failed(why: str) -> ReachError:
    return ReachError(
        "template-failed",
        "the project's script.py.mako cannot be rendered",
        why=why,
        next_actions=("try `alembic revision -m test` to see the same error",),
    )
