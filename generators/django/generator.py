"""The Django generator: what `generators.base.Generator` promises."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from pathlib import Path

from generators.base import Commands, Evidence, FileEdit, Job, Project
from generators.django.assumed import assume
from generators.django.companions import companions
from generators.django.detect import NEWEST, detect
from generators.django.habits import habits
from generators.django.history import History, read_history
from generators.django.operations import parts_of
from generators.django.state import State
from generators.django.truth import Truth
from generators.django.writing import Place, write_part
from generators.header import table_of
from generators.ledger import Kept, Ledger, Reading, Rows
from generators.python.code import Quotes
from generators.ties import Tie, instead_of
from wizard.dialects.base import Dialect
from wizard.model.errors import ConflictError
from wizard.model.names import TableName


class DjangoGenerator:
    """Django's migrations, one app at a time."""

    framework = "django"
    label = "Django"

    def detect(self, root: Path) -> list[Project]:
        """Return every app with migrations below the root, the nearest and newest first."""
        return detect(root)

    def imagine(
        self,
        root: Path,
        dialect: Dialect,  # noqa: ARG002  `startapp` is the same for every engine
    ) -> Project:
        """Return the project that `startproject` and `startapp` would set up."""
        home = root.resolve()
        return Project(
            framework=self.framework,
            layout=None,
            root=home,
            directory=home / "app" / "migrations",
            confidence="low",
            evidence=(Evidence(what="what `manage.py startapp app` would create", where="."),),
            pattern="NNNN_name.py",
            transactions="file decides",
            options={
                "label": "app",
                "version": ".".join(map(str, NEWEST)),
                "manage": str(home),
                "imagined": "yes",
            },
        )

    def render(self, project: Project, job: Job) -> tuple[FileEdit, ...]:
        """Return the files of the app to which the plan's table belongs, each following the last."""
        places: dict[str, str] = json.loads(project.options.get("apps", "{}"))
        label = self._label(project, job, State(places, Quotes()))
        folder = Path(places.get(label, str(project.directory)))
        style = habits(project.options, folder, project.root)
        quotes = Quotes(mark=style.get("quote", '"'))
        state = State(places, quotes)
        history = read_history(folder, label)
        _refuse_broken(history, label)
        whole = job.whole or tuple(one for _, one in job.migrations)
        truth = Truth(
            state=state,
            app=label,
            dialect=job.dialect,
            quotes=quotes,
            version=_version(project),
            whole=tuple(step for one in whole for step in one.up),
        )
        state.load(label)
        if state.unreadable:
            raise _broken(label, f"{state.unreadable[0]} cannot be read")
        if project.options.get("imagined"):
            assume(truth)
        place = Place.of(label, folder, history, job.after)
        edits: list[FileEdit] = []
        started = history is not None or project.options.get("imagined")
        if not started and not (folder / "__init__.py").exists():
            edits.append(_package(folder, job))
        for phase, migration in job.migrations:
            parts = parts_of(migration, job.dialect)
            for at, part in enumerate(parts, start=1):
                edits.append(
                    write_part(
                        style=style,
                        job=job,
                        phase=phase,
                        migration=migration,
                        part=part,
                        number=(at, len(parts)),
                        place=place,
                        truth=truth,
                        places=places,
                    )
                )
        return (*edits, *companions(project, job, place, edits))

    @staticmethod
    def _label(project: Project, job: Job, state: State) -> str:
        """Return the app that has the model of the plan's first known table; else the project's."""
        own = project.options["label"]
        for _, migration in job.migrations:
            for step in migration.up:
                table = table_of(step)
                model = None if table is None else state.of(table, own)
                if model is not None:
                    return model.app
        return own

    def check(
        self,
        edits: Sequence[FileEdit],
        dialect: Dialect,  # noqa: ARG002  the SQL inside was made by the dialect
    ) -> None:
        """Raise an AssertionError when a file is no migration that Python and Django can load."""
        for edit in edits:
            if not edit.revision:
                continue
            name = edit.path.name
            try:
                tree = ast.parse(edit.content)
                compile(edit.content, name, "exec", dont_inherit=True)
            except (SyntaxError, ValueError) as error:
                raise AssertionError(f"{name} is not valid Python: {error}") from None
            found = [
                one
                for one in tree.body
                if isinstance(one, ast.ClassDef) and one.name == "Migration"
            ]
            if not found:
                raise AssertionError(f"{name} has no class Migration")
            assigned = {
                target.id
                for one in found[0].body
                if isinstance(one, ast.Assign)
                for target in one.targets
                if isinstance(target, ast.Name)
            }
            missing = {"dependencies", "operations"} - assigned
            if missing:
                raise AssertionError(f"{name} has no {' and no '.join(sorted(missing))}")
            _bound(tree, name)

    def ledger(
        self,
        project: Project,  # noqa: ARG002  nothing in a project changes it
        dialect: Dialect,  # noqa: ARG002  the table is the same on every engine
    ) -> Ledger:
        """Return the table of applied migrations, by app and name."""

        def read(rows: Rows, files: Sequence[Kept]) -> Reading:
            done = {f"{app}.{name}" for app, name in rows}
            return Reading(applied=frozenset(one.revision for one in files) & done)

        return Ledger(tables=(TableName("django_migrations"),), columns=("app", "name"), read=read)

    def ties(self, project: Project, edits: Sequence[FileEdit]) -> tuple[Tie, ...]:
        """Return the migrations of all apps that depend on these, or replace them."""
        gone = frozenset(edit.revision for edit in edits if edit.revision)
        places: dict[str, str] = json.loads(project.options.get("apps", "{}"))
        histories = [
            one
            for label, folder in places.items()
            if (one := read_history(Path(folder), label)) is not None
        ]
        parents = {
            f"{history.label}.{one.name}": [
                f"{app}.{name}" for app, name in one.depends if app == history.label
            ]
            for history in histories
            for one in history.outlines
        }
        return tuple(
            Tie(
                path=history.folder / f"{one.name}.py",
                on=named,
                instead=instead_of(named, parents, gone),
            )
            for history in histories
            for one in history.outlines
            if f"{history.label}.{one.name}" not in gone
            for app, name in dict.fromkeys((*one.depends, *one.replaces))
            if (named := f"{app}.{name}") in gone
        )

    def commands(self, project: Project, edits: Sequence[FileEdit]) -> Commands:
        """Return how to apply these files and how to take them back."""
        written = [edit for edit in edits if edit.revision]
        called = _manage(project)
        if not written:
            label = project.options["label"]
            return Commands(
                apply=f"{called} migrate {label}", revert=f"{called} migrate {label} zero"
            )
        label, _, last = written[-1].revision.partition(".")
        before = _parent_of(written[0], label) or "zero"
        return Commands(
            apply=f"{called} migrate {label} {last}",
            revert=f"{called} migrate {label} {before}",
            mark=f"{called} migrate --fake {label} {last}",
        )


def _manage(project: Project) -> str:
    given = project.options.get("manage", "")
    folder = Path(given) if given else project.root
    if folder == project.root or not folder.is_relative_to(project.root):
        return "python manage.py"
    return f"python {folder.relative_to(project.root).as_posix()}/manage.py"


def _version(project: Project) -> tuple[int, int]:
    major, _, minor = project.options.get("version", "4.2").partition(".")
    return int(major), int(minor or 0)


def _package(folder: Path, job: Job) -> FileEdit:
    """Return the file without which Python takes a folder for no package."""
    return FileEdit(
        path=folder / "__init__.py", content="", phase=job.migrations[0][0], language="python"
    )


def _parent_of(edit: FileEdit, label: str) -> str | None:
    for node in ast.walk(ast.parse(edit.content)):
        match node:
            case ast.Assign(targets=[ast.Name(id="dependencies")], value=ast.List(elts=elements)):
                for one in elements:
                    match one:
                        case ast.Tuple(
                            elts=[ast.Constant(value=app), ast.Constant(value=str() as name)]
                        ) if app == label:
                            return name
                        case _:
                            continue
            case _:
                continue
    return None


def _bound(tree: ast.Module, name: str) -> None:
    """Raise an AssertionError for a name that a file uses and does not bind."""
    import builtins

    bound = set(dir(builtins)) | {"self"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {(one.asname or one.name).partition(".")[0] for one in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
    used = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name)}
    if used - bound:
        raise AssertionError(f"{name} uses {', '.join(sorted(used - bound))} and does not bind it")


def _broken(label: str, problem: str) -> ConflictError:
    return ConflictError(
        "broken-history",
        f"the migrations of the app {label} are broken: {problem}",
        why="a new migration cannot follow a history that Django itself does not load",
        next_actions=("repair them (manage.py showmigrations shows the fault)",),
    )


def _refuse_broken(history: History | None, label: str) -> None:
    problems = history.problems if history is not None else ()
    if problems:
        raise _broken(label, problems[0])
    if history is not None and len(history.leaves) > 1:
        raise ConflictError(
            "two-heads",
            f"the app {label} has {len(history.leaves)} leaves: {', '.join(history.leaves)}",
            why="a new migration follows one, and which one is not for migwiz to choose",
            next_actions=("python manage.py makemigrations --merge",),
        )
