"""One file of a migration: its name, its header, its text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generators.base import FileEdit, Job
from generators.django.history import History, number_of, read_history, read_source
from generators.django.operations import Operation, Part, operations
from generators.django.truth import Change, Truth
from generators.django.writer import OPERATION, Writer
from generators.header import header_lines, laid_out
from generators.python.code import Quotes, flat
from generators.python.prose import docstring_text
from wizard.model.errors import ConflictError
from wizard.model.names import slugify
from wizard.model.plan import Migration, PhaseName
from wizard.model.steps import (
    AddEnumValue,
    AddIndex,
    Batched,
    DropIndex,
    RebuildTable,
    ValidateConstraint,
)

_HEADER_WIDTH = 100
_SLUG = 52
#: What the functions of a file themselves need.
_OWN = frozenset({"import logging", "import time"})
_STANDARD = _OWN | frozenset(
    {"import logging", "import time", "import datetime", "import uuid", "import decimal"}
)


@dataclass(slots=True, kw_only=True)
class Place:
    """Where the next file goes: the app, its folder, what it follows."""

    label: str
    folder: Path
    leaf: str | None
    taken: set[str]

    @classmethod
    def of(
        cls, label: str, folder: Path, history: History | None, ours: Sequence[FileEdit]
    ) -> Place:
        """Return the place behind a history and the files already planned for it."""
        here = [one for one in ours if one.path.parent == folder and one.revision]
        names = set(history.names) if history is not None else set()
        leaf = history.leaves[0] if history is not None and history.leaves else None
        if here:
            leaf = here[-1].path.stem
        return cls(
            label=label, folder=folder, leaf=leaf, taken=names | {one.path.stem for one in here}
        )

    def next(self, slug: str) -> str:
        """Return the name of the next migration, and follow it from now on."""
        number = number_of(self.leaf) + 1 if self.leaf else 1
        name = f"{number:04}_{slugify(slug, limit=_SLUG)}"
        if name in self.taken or (self.folder / f"{name}.py").exists():
            raise ConflictError(
                "file-exists",
                f"there is a migration {name} already",
                why=f"the next number after {self.leaf or 'nothing'} is {number}",
                next_actions=("remove or rename it, then write again",),
            )
        self.taken.add(name)
        self.leaf = name
        return name


def write_part(
    *,
    style: Mapping[str, str],
    job: Job,
    phase: PhaseName,
    migration: Migration,
    part: Part,
    number: tuple[int, int],
    place: Place,
    truth: Truth,
    places: Mapping[str, str],
) -> FileEdit:
    """Return the file of one part of a migration.

    ``places`` are the folders of all apps,
    ``style`` is how the app's newest files are written.
    """
    at, count = number
    writer = Writer(
        dialect=job.dialect,
        quotes=Quotes(mark=style.get("quote", '"')),
        width=int(style.get("width", "88")),
    )
    before = place.leaf
    name = place.next(migration.slug if count == 1 else f"{migration.slug[: _SLUG - 2]}_{at}")
    truth.notes.clear()
    truth.apps.clear()
    written, told = operations(part, migration, truth, writer)
    title = " ".join(migration.title.split())
    title = title[:1].upper() + title[1:]
    header = [
        *header_lines(job, phase, migration),
        *_files(at, count),
        *_models(told),
        *_long_work(part, style),
        *(("State", text) for text in dict.fromkeys(truth.notes)),
    ]
    dependencies = [*([(place.label, before)] if before else []), *_others(truth, places)]
    content = _text(
        _Content(
            title=title,
            header=header,
            dependencies=dependencies,
            operations=written,
            part=part,
            first=before is None,
            safe=_safe(style, phase),
        ),
        writer,
    )
    up, down = _shown(written, writer)
    return FileEdit(
        path=place.folder / f"{name}.py",
        content=content,
        phase=phase,
        language="python",
        up=up,
        down=down,
        slug=migration.slug,
        title=migration.title,
        revision=f"{place.label}.{name}",
        models=tuple(text for _, text in _models(told)),
    )


def _long_work(part: Part, style: Mapping[str, str]) -> list[tuple[str, str]]:
    """Warn where settings would cut short what must run to its end."""
    steps = [step for one in part.changes for step in (one.step, *one.undo)]
    builds = any(isinstance(one, AddIndex) and one.concurrently for one in steps)
    if not style.get("timeouts") or not (
        builds or any(isinstance(one, ValidateConstraint) for one in steps)
    ):
        return []
    text = (
        f"settings set {style['timeouts']}: if that ends this early, raise it for this run; "
        "running again is safe"
    )
    return [("Note", text)]


def _others(truth: Truth, places: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the newest migrations of the other apps to which new fields lead."""
    found: list[tuple[str, str]] = []
    for app in sorted(truth.apps & set(places)):
        history = read_history(Path(places[app]), app)
        if history is not None and history.leaves:
            found.append((app, history.leaves[-1]))
    return found


def _files(at: int, count: int) -> list[tuple[str, str]]:
    return [("File", f"{at} of {count} of this migration")] if count > 1 else []


def _models(told: Sequence[Change]) -> list[tuple[str, str]]:
    return [
        ("Models", f"{one.model}: {line}") for one in told for line in one.told.split("\n") if line
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What a file holds beside what its writer has gathered."""

    title: str
    header: Sequence[tuple[str, str]]
    dependencies: Sequence[tuple[str, str]]
    operations: Sequence[Operation]
    part: Part
    first: bool
    safe: str


def _safe(style: Mapping[str, str], phase: PhaseName) -> str:
    """Return django-safemigrate's mark, "" where the project does not use it."""
    if not style.get("safe"):
        return ""
    moment = "before_deploy" if phase == "expand" else "after_deploy"
    return f"Safe.{moment}{style.get('safe_call', '()')}"


def _text(content: _Content, writer: Writer) -> str:
    quote = writer.quotes.text
    written, part = content.operations, content.part
    lines = [
        f'"""{docstring_text(content.title)}',
        "",
        *(docstring_text(one) for one in laid_out(content.header, width=_HEADER_WIDTH)),
        '"""',
        "",
    ]
    body = ["class Migration(migrations.Migration):"]
    if content.safe:
        writer.imports.add("from django_safemigrate import Safe")
        body += [f"    safe = {content.safe}", ""]
    creates = any("migrations.CreateModel(" in flat(one.node) for one in written)
    if content.first and creates:
        body += ["    initial = True", ""]
    if part.alone:
        body += [f"    # {_why(part, writer)}", "    atomic = False", ""]
    if content.dependencies:
        body += [
            "    dependencies = [",
            *(f"        ({quote(app)}, {quote(name)})," for app, name in content.dependencies),
            "    ]",
            "",
        ]
    else:
        body += ["    dependencies = []", ""]
    body.append("    operations = [")
    for one in written:
        body += [f"{' ' * OPERATION}{line}" for line in one.comment]
        body += writer.lines(one.node, OPERATION, after=",")
    body.append("    ]")
    lines += _imports(writer, "\n".join([*body, *writer.functions.values()]))
    if writer.logs:
        lines += ["", f"log = logging.getLogger({quote('django.db.migrations')})"]
    for constant in writer.constants.values():
        lines += ["", constant]
    for function in writer.functions.values():
        lines += ["", "", function]
    lines += ["", "", *body]
    return "\n".join(line.rstrip() for line in "\n".join(lines).split("\n")).rstrip("\n") + "\n"


def _why(part: Part, writer: Writer) -> str:
    for one in part.changes:
        for step in (one.step, *one.undo):
            if isinstance(step, AddIndex | DropIndex):
                return "A concurrent build or drop cannot run in a transaction."
            if isinstance(step, Batched):
                return "Each batch commits by itself."
            if isinstance(step, RebuildTable):
                return "The rebuild brings its own transaction."
            if isinstance(step, AddEnumValue):
                return "A new value can be used once it is committed."
    return (
        "This cannot run in a transaction."
        if writer.dialect.capabilities.transactional_ddl
        else "Each statement commits by itself."
    )


def _imports(writer: Writer, code: str) -> list[str]:
    """Return the import block: the standard library, then the rest, each as isort sorts them."""
    wanted = {one for one in writer.imports if one in _OWN or _is_used(one, code)}
    wanted.add("from django.db import migrations")
    if re.search(r"\bmodels\.", code):
        wanted.add("from django.db import models")
    standard = sorted(one for one in wanted if one in _STANDARD)
    plain = sorted(one for one in wanted - set(standard) if one.startswith("import "))
    named: dict[str, set[str]] = {}
    for one in wanted:
        if one.startswith("from "):
            module, _, name = one[5:].partition(" import ")
            named.setdefault(module, set()).add(name)
    froms = [
        f"from {module} import {', '.join(sorted(names))}"
        for module, names in sorted(named.items())
    ]
    return [*standard, *([""] if standard else []), *plain, *froms]


def _is_used(line: str, code: str) -> bool:
    """Tell whether code uses what an import binds: a field may have lost the argument."""
    bound = line.rpartition(" as ")[2] if " as " in line else line.rpartition(" ")[2]
    return re.search(rf"(?<![\w.]){re.escape(bound)}\b", code) is not None


def _shown(written: Sequence[Operation], writer: Writer) -> tuple[str, str]:
    """Return what the preview shows side by side: the operations, and the SQL of the way back."""
    lines: list[str] = []
    for one in written:
        lines += [*one.comment, *writer.lines(one.node, 0, after=",")]
    functions = list(writer.functions.values())
    up = "\n\n\n".join(["\n".join(lines), *functions])
    return up + "\n", _back(written, writer)


def _back(written: Sequence[Operation], writer: Writer) -> str:
    """Return the ways back in the order in which they run."""
    lines: list[str] = []
    for one in reversed(written):
        node = one.node
        flat = "\n".join(writer.lines(node, 0))
        name = flat.partition("(")[0].rpartition(".")[2]
        if isinstance(node, str):
            lines.append(f"# {node}")
            continue
        reverse = [
            item
            for item in node.items
            if not isinstance(item, str) and item.open.startswith("reverse_sql=")
        ]
        texts = [item for item in node.items if isinstance(item, str)]
        text = next((item for item in texts if item.startswith("reverse_sql=")), None)
        if reverse:
            lines += writer.lines(reverse[0], 0)
        elif text is not None:
            if text != "reverse_sql=migrations.RunSQL.noop":
                lines += text.split("\n")
        elif name == "RunPython" and len(texts) > 1:
            if texts[1] != "migrations.RunPython.noop":
                lines += [f"# runs {texts[1]}", ""]
                lines += writer.functions.get(texts[1], "").split("\n")
        else:
            lines.append(f"# Django itself takes {name} back")
    return "\n".join(lines).strip("\n") + "\n" if lines else "# nothing to do\n"


def lock_line(path: Path, label: str, name: str) -> str | None:
    """Return a lock file's text with an app's line set to a migration, None when it cannot be read."""
    text = read_source(path)
    if text is None:
        return None
    pattern = re.compile(rf"^{re.escape(label)}:.*$", re.MULTILINE)
    if pattern.search(text):
        return pattern.sub(f"{label}: {name}", text)
    return text.rstrip("\n") + f"\n{label}: {name}\n"
