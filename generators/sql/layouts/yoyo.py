"""yoyo: ``YYYYMMDD_NN_xxxxx-words.sql`` with its way back in ``….rollback.sql``.

Facts: yoyo 9.0, run, and its source. A migration names the ones it depends on; the local date, a counter of the
day and five random characters make its name. ``-- transactional: false`` holds for both directions.
yoyo pairs the statements of a file with those of its rollback, the first with the last, and where
a statement fails outside a transaction it runs what is paired with those before it. With a bound
for locks in front, that would undo what never happened: drop a column that was there before. So
what has several statements and no transaction that undoes them is written in Python, as one step.
"""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, by_name, list_of
from generators.reading import read_text
from generators.sql.detecting import joined, listed, mentioned_folders, separators, shell_path
from generators.sql.forward import framed
from generators.sql.layout import Companion, Draft, Interruption, Section, Written
from generators.sql.told import record_table
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect

_NAME = re.compile(
    r"(?P<prefix>\D*)(?P<day>\d{8})_(?P<number>\d{2,})_(?P<mark>[A-Za-z0-9]{5})(?P<rest>[-_].*)?"
)
_CODE = re.compile(r"(?m)^(?:-- *(?:depends|transactional) *:|from yoyo import|import yoyo)")
_DEPENDS = re.compile(r"(?m)^-- *depends *:(.*)$|^__depends__ *= *[{\[(]([^}\])]*)[}\])]")
_TOOL = re.compile(r"(?i)\byoyo(?:[-_]migrations)?\b")
_FOLDER = re.compile(r"(?m)^sources *= *(?:%\(here\)s/)?([\w./-]+)|\byoyo\b[^\n#]*?\s(?:apply|new|rollback)\b[^\n#]*?\s([\w.]*/?[\w./-]+)")  # fmt: skip
_PREFIX = re.compile(r"(?m)^prefix *= *(\S+)")
_LETTERS = string.ascii_letters + string.digits
_DEFAULT = "migrations"
_RECENT = 10
_RECORD = re.compile(r"(?m)^migration_table\s*=\s*(\w+)")


class Yoyo:
    """The layout; a folder's order is what its files say that they depend on."""

    name = "yoyo"
    label = "yoyo"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders whose files name what they depend on, or which yoyo is told of."""
        found: list[Project] = []
        tool = next(tree.search(_TOOL), None)
        told = mentioned_folders(tree, _FOLDER, tool, default=_DEFAULT)
        for folder, files in tree.folders.items():
            names = _history(files)
            hint = told.get(folder)
            recent = tree.heads(folder, names[-_RECENT:])
            marked = [
                name
                for name, text in recent.items()
                if _CODE.search(text) or _NAME.fullmatch(Path(name).stem)
            ]
            empty = all(name[0] == "." for name in files)
            if len(marked) * 2 <= len(recent) and not (hint and empty):
                continue
            evidence = []
            if marked:
                what = f"yoyo's names or headers in {len(marked)} of the newest {len(recent)} files"
                evidence.append(Evidence(what=what, where=tree.relative(folder / marked[-1])))
            if hint:
                evidence.append(hint)
            elif tool and marked:
                evidence.append(Evidence(what="names yoyo", where=tool.path))
            prefix = next((hit.match[1] for hit in tree.search(_PREFIX) if tool), "")
            sure = bool(marked and (tool or hint))
            found.append(_project(tree.root, folder, names, tuple(evidence), prefix, sure=sure))
        return found

    def imagine(self, root: Path) -> Project:
        """Return the project that `yoyo init` would begin."""
        return _project(root, root / _DEFAULT, (), (), "", sure=False)

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return today's date, the next numbers of it, and characters that the time decides."""
        here = now.astimezone() if now.tzinfo else now
        stems = [Path(name).stem for name in _history(listed(project.directory))]
        days = [match for stem in (*stems, *taken) if (match := _NAME.fullmatch(stem))]
        # A folder may be ahead of the calendar; names still show the order.
        day = max([f"{here:%Y%m%d}", *(match["day"] for match in days if match["day"] < "3")])
        last = max((int(match["number"]) for match in days if match["day"] == day), default=0)
        prefix = project.options.get("prefix", "")
        found = []
        for number in range(last + 1, last + count + 1):
            stem = f"{prefix}{day}_{number:02d}"
            found.append(f"{stem}_{_mark(f'{stem} {here.isoformat()}')}")
        return tuple(found)

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file with its rollback; one file in Python where SQL would not be safe."""
        stem = f"{draft.version}-{joined(draft.slug, project.options.get('words', '-'))}"
        if draft.previous is not None:
            depends = Path(draft.previous.name).stem
        else:
            here = project.directory
            depends = " ".join(_heads(here, _history(listed(here))))
        if not _safe(draft):
            return (_in_python(draft, stem, depends),)
        alike = draft.up.transactional and draft.down.transactional
        more = [f"-- depends: {depends}".rstrip()]
        if not alike:
            more.append("-- transactional: false")
        head = "\n".join(more)
        up, down = (
            f"{one.text()}\n" if alike else framed(one, draft.dialect)
            for one in (draft.up, draft.down)
        )
        return (
            Written(
                name=f"{stem}.sql",
                content=f"{draft.comments('up')}{head}\n\n{up}",
                up=draft.up.text() + "\n",
            ),
            Written(
                name=f"{stem}.rollback.sql",
                content=f"{draft.comments('down')}\n{down}",
                down=draft.down.text() + "\n",
            ),
        )

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return nothing: the folder is all there is."""
        return ()

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell no: yoyo sends one statement after another."""
        return False

    def repair(self, cut: Interruption) -> str:
        """Return how to go on; yoyo records a migration only when it has ended well."""
        unlock = "yoyo break-lock"
        if not cut.index:
            return f"when it was cut short: {unlock}, then run it again"
        if cut.direction == "up":
            back = ", ".join([unlock, *["yoyo rollback --batch"] * (cut.files - 1)])
            return f"when the build was cut short: {back}, then yoyo apply"
        return f"when the rollback was cut short: {unlock}, yoyo apply, then roll back again"

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: yoyo passes no parameters, so that drivers replace nothing."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of names."""
        table = record_table(project, "_yoyo_migration", _RECORD)
        return Ledger(tables=(table,), columns=("migration_id",), read=list_of(by_name))

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return yoyo's commands for these files, in a project with a ``yoyo.ini``."""
        where = (
            ""
            if project.options.get("told")
            else f' --database "$DATABASE_URL" {shell_path(project)}'
        )
        # It takes back what depends on the first, which are all of these.
        back = f"yoyo rollback --batch --revision {next(iter(versions), '')}"
        return Commands(
            apply=f"yoyo apply --batch{where}",
            revert=f"{back}{where}",
            mark=f"yoyo mark --batch{where}",
        )


def _project(root: Path, folder: Path, names: Sequence[str], evidence: tuple[Evidence, ...], prefix: str, *, sure: bool) -> Project:  # fmt: skip
    stems = [Path(name).stem for name in names]
    rests = [match["rest"] or "" for stem in stems if (match := _NAME.fullmatch(stem))]
    _, words = separators(rests, words="-")
    heads = _heads(folder, names)
    latest = heads[-1] if heads else None
    match = _NAME.fullmatch(latest or "")
    version = latest[: match.start("rest")] if latest and match and match["rest"] else latest
    return Project(
        framework="sql",
        layout=Yoyo.name,
        root=root,
        directory=folder,
        confidence="high" if sure else "medium" if evidence else "low",
        evidence=evidence,
        heads=(version,) if version else (),
        latest=next((name for name in names if Path(name).stem == latest), None),
        pattern="day_counter_5 letters-words.sql",
        options={
            "words": words,
            "prefix": prefix,
            "told": "yes" if any(one.where.endswith("yoyo.ini") for one in evidence) else "",
        },
    )


def _history(names: Sequence[str]) -> list[str]:
    """Return the files that are migrations, as text sorts them."""
    return sorted(
        name
        for name in names
        if name.endswith((".sql", ".py"))
        and not name.endswith(".rollback.sql")
        and name[0].isalnum()
    )


def _heads(folder: Path, names: Sequence[str]) -> list[str]:
    """Return the migrations that no other depends on."""
    needed: set[str] = set()
    for name in names:
        match = _DEPENDS.search(read_text(folder / name, limit=1 << 14) or "")
        if match:
            needed |= set(re.findall(r"[^\s\"',]+", match[1] or match[2] or ""))
    return [stem for name in names if (stem := Path(name).stem) not in needed]


def _mark(seed: str) -> str:
    """Return five letters or digits, the same for the same seed."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8])
    found = ""
    for _ in range(5):
        number, place = divmod(number, len(_LETTERS))
        found += _LETTERS[place]
    return found


def _safe(draft: Draft) -> bool:
    """Tell whether a failure never makes yoyo run a part of the rollback."""
    several = sum(bool(one.sql) for one in draft.up.statements) > 1
    framed_by_yoyo = draft.up.transactional and draft.down.transactional
    return not several or (framed_by_yoyo and draft.dialect.capabilities.transactional_ddl)


def _in_python(draft: Draft, stem: str, depends: str) -> Written:
    header = "".join(f"#{line[2:]}\n" for line in draft.comments("up", "down").splitlines())
    alike = draft.up.transactional and draft.down.transactional
    lines = [
        f"{header}\nfrom yoyo import step\n",
        "__depends__ = {" + ", ".join(f'"{one}"' for one in depends.split()) + "}",
        *([] if alike else ["__transactional__ = False"]),
        f"\nUP = {_statements(draft.up)}",
        f"DOWN = {_statements(draft.down)}",
        "\n\ndef apply(connection):\n    run(connection, UP)\n",
        "\ndef rollback(connection):\n    run(connection, DOWN)\n",
        "\ndef run(connection, statements):\n    cursor = connection.cursor()\n"
        "    for statement in statements:\n        cursor.execute(statement)\n",
        "\nsteps = [step(apply, rollback)]",
    ]
    content = "\n".join(lines) + "\n"
    if not depends:
        content = content.replace("__depends__ = {}", "__depends__ = set()")
    return Written(
        name=f"{stem}.py",
        content=content,
        up=draft.up.text() + "\n",
        down=draft.down.text() + "\n",
        language="python",
    )


def _statements(section: Section) -> str:
    lines = ["("]
    for one in section.statements:
        lines += [f"    # {line}".rstrip() for line in one.note.splitlines()]
        if one.sql:
            text = one.sql.replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'    """{text}""",' if "\n" in text or '"' in text else f'    "{text}",')
    return "\n".join([*lines, ")"])


LAYOUT = Yoyo()
