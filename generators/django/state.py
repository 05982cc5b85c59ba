"""Django's state of the models, replayed from the migration files without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from generators.django.history import History, number_of, read_history, read_source
from generators.django.source import Call, imports_of, read_call
from generators.python.code import Quotes
from wizard.model.names import TableName

_RELATIONS = ("ForeignKey", "OneToOneField")


@dataclass(slots=True, kw_only=True)
class Model:
    """One model. A field is None when its call cannot be told from the file."""

    app: str
    name: str
    fields: dict[str, Call | None] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    indexes: dict[str, Call] = field(default_factory=dict)
    constraints: dict[str, Call] = field(default_factory=dict)
    #: What the options say and no call tells, such as unique_together.
    together: tuple[tuple[str, ...], ...] = ()

    @property
    def table(self) -> str:
        """The name of its table."""
        given = self.options.get("db_table")
        return _text(given) if given else f"{self.app}_{self.name.lower()}"

    def column(self, name: str) -> str | None:
        """Return the column of a field, None where it has none or it cannot be told."""
        one = self.fields.get(name)
        if one is None or one.kind == "ManyToManyField":
            return None
        given = one.get("db_column")
        if given is not None:
            return _text(given)
        return f"{name}_id" if one.kind in _RELATIONS else name

    def field_of(self, column: str) -> str | None:
        """Return the name of the field with that column."""
        return next((name for name in self.fields if self.column(name) == column), None)

    @property
    def key(self) -> str | None:
        """The column of the primary key."""
        for name, one in self.fields.items():
            if one is not None and one.get("primary_key") == "True":
                return self.column(name)
        return None


Models = dict[tuple[str, str], Model]


def _text(source: str) -> str:
    try:
        value = ast.literal_eval(source)
    except (ValueError, SyntaxError):
        return ""
    return str(value)


class State:
    """The models of several apps; those of an app are read when it is asked for."""

    def __init__(self, places: Mapping[str, str], quotes: Quotes) -> None:
        self._waiting = dict(places)
        self._quotes = quotes
        self.models: Models = {}
        #: Names of files that are no Python: what they do to the models is not known.
        self.unreadable: list[str] = []

    def load(self, label: str) -> None:
        """Read an app's migrations, once."""
        folder = self._waiting.pop(label, None)
        history = read_history(Path(folder), label) if folder is not None else None
        if history is not None:
            self.unreadable += replay(history, self.models, self._quotes)

    def of(self, table: TableName, first: str) -> Model | None:
        """Return the model of a table; one in a schema of its own says so in its ``db_table``."""
        if table.schema is None:
            return self.find(table.name, first)
        inner = f'{table.schema}"."{table.name}'
        return self.find(inner, first) or self.find(f'"{inner}"', first)

    def find(self, table: str, first: str) -> Model | None:
        """Return the model of a table, looked for in one app and then in the others."""
        for label in (first, *self._likely(table), *tuple(self._waiting)):
            self.load(label)
            for model in self.models.values():
                if model.table == table:
                    return model
        return None

    def _likely(self, table: str) -> Iterator[str]:
        yield from [label for label in self._waiting if table.startswith(f"{label}_")]


def replay(history: History, models: Models, quotes: Quotes) -> list[str]:
    """Apply the operations of one app's migrations, parents first.

    Return the names of files that are no Python.
    """
    unreadable: list[str] = []
    for path in _ordered(history):
        try:
            stat = path.stat()
        except OSError:
            continue
        read = _parsed(path, stat.st_mtime_ns, stat.st_size)
        if read is None:
            unreadable.append(path.name)
            continue
        operations, bound, classes = read
        _Replay(history.label, models, bound, classes, quotes).run(operations)
    return unreadable


def _ordered(history: History) -> Iterator[Path]:
    """Yield the files in an order in which Django could apply them; replaced ones left out."""
    replaced = {name for one in history.outlines for _, name in one.replaces}
    squashes = {name: one.name for one in history.outlines for _, name in one.replaces}
    waiting = {one.name: one for one in history.outlines if one.name not in replaced}
    done: set[str] = set()
    while waiting:
        ready = [
            name
            for name, one in waiting.items()
            if all(
                squashes.get(needed, needed) not in waiting or squashes.get(needed, needed) == name
                for app, needed in one.depends
                if app == history.label
            )
        ]
        for name in sorted(ready or waiting, key=lambda one: (number_of(one), one)):
            del waiting[name]
            done.add(name)
            yield history.folder / f"{name}.py"


@lru_cache(maxsize=5_000)
def _parsed(
    path: Path, changed: int, size: int
) -> tuple[list[ast.expr], dict[str, str], dict[str, str]] | None:
    del changed, size
    text = read_source(path)
    if text is None:
        return None
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    classes = {
        node.name: ast.unparse(node.bases[0])
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.bases
    }
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == "Migration":
            for one in node.body:
                match one:
                    case (
                        ast.Assign(targets=[ast.Name(id="operations")], value=ast.List(elts=found))
                        | ast.AnnAssign(
                            target=ast.Name(id="operations"), value=ast.List(elts=found)
                        )
                    ):
                        return found, imports_of(tree), classes
                    case _:
                        continue
    return [], imports_of(tree), classes


class _Replay:
    def __init__(
        self,
        label: str,
        models: Models,
        bound: Mapping[str, str],
        classes: Mapping[str, str],
        quotes: Quotes,
    ) -> None:
        self._label = label
        self._models = models
        self._bound = bound
        self._classes = classes
        self._quotes = quotes

    def run(self, operations: Sequence[ast.expr]) -> None:
        for one in operations:
            if isinstance(one, ast.Call):
                self._one(one)

    def _one(self, node: ast.Call) -> None:
        function = ast.unparse(node.func)
        kind = self._classes.get(function, function).rpartition(".")[2]
        if kind == "SeparateDatabaseAndState":
            self._nested(_given(node, 1, "state_operations"))
        elif kind == "RunSQL":
            self._nested(_given(node, 2, "state_operations"))
        elif kind == "CreateModel":
            self._create(node)
        elif kind == "DeleteModel":
            self._models.pop((self._label, _name(node, 0, "name").lower()), None)
        elif kind == "RenameModel":
            old, new = _name(node, 0, "old_name"), _name(node, 1, "new_name")
            model = self._models.pop((self._label, old.lower()), None)
            if model is not None:
                model.name = new
                self._models[self._label, new.lower()] = model
        elif kind == "AlterModelTable":
            model = self._models.get((self._label, _name(node, 0, "name").lower()))
            table = _given(node, 1, "table")
            if model is not None and isinstance(table, ast.Constant):
                model.options.pop("db_table", None)
                if table.value:
                    model.options["db_table"] = self._quotes.text(str(table.value))
        elif kind in ("AlterUniqueTogether", "AlterIndexTogether"):
            model = self._models.get((self._label, _name(node, 0, "name").lower()))
            if model is not None and kind == "AlterUniqueTogether":
                model.together = _together(_given(node, 1, "unique_together"))
        else:
            model = self._models.get((self._label, _name(node, 0, "model_name").lower()))
            if model is not None:
                self._in_model(kind, node, model)

    def _nested(self, node: ast.expr | None) -> None:
        if isinstance(node, ast.List | ast.Tuple):
            self.run(node.elts)

    def _create(self, node: ast.Call) -> None:
        name = _name(node, 0, "name")
        model = Model(app=self._label, name=name)
        fields = _given(node, 1, "fields")
        for one in fields.elts if isinstance(fields, ast.List | ast.Tuple) else ():
            match one:
                case ast.Tuple(elts=[ast.Constant(value=str() as key), value]):
                    model.fields[key] = self._call(value)
                case _:
                    continue
        options = _given(node, 2, "options")
        if isinstance(options, ast.Dict):
            for option, given in zip(options.keys, options.values, strict=True):
                if isinstance(option, ast.Constant):
                    self._option(model, str(option.value), given)
        self._models[self._label, name.lower()] = model

    def _option(self, model: Model, key: str, value: ast.expr) -> None:
        if key in ("indexes", "constraints") and isinstance(value, ast.List):
            into = model.indexes if key == "indexes" else model.constraints
            for one in value.elts:
                self._named(one, into)
        elif key == "unique_together":
            model.together = _together(value)
        else:
            model.options[key] = ast.unparse(value)

    def _named(self, node: ast.expr | None, into: dict[str, Call]) -> None:
        found = self._call(node)
        name = _text(found.get("name") or "''") if found is not None else ""
        if found is not None and name:
            into[name] = found

    def _call(self, node: ast.expr | None) -> Call | None:
        return read_call(node, self._bound, self._quotes) if isinstance(node, ast.Call) else None

    def _in_model(self, kind: str, node: ast.Call, model: Model) -> None:
        name = _name(node, 1, "name")
        if kind in ("AddField", "AlterField"):
            model.fields[name] = self._call(_given(node, 2, "field"))
        elif kind == "RemoveField":
            model.fields.pop(name, None)
        elif kind == "RenameField":
            old, new = _name(node, 1, "old_name"), _name(node, 2, "new_name")
            model.fields = {new if key == old else key: one for key, one in model.fields.items()}
        elif kind in ("AddIndex", "AddIndexConcurrently"):
            self._named(_given(node, 1, "index"), model.indexes)
        elif kind in ("RemoveIndex", "RemoveIndexConcurrently"):
            model.indexes.pop(name, None)
        elif kind == "RenameIndex":
            new, old = _name(node, 1, "new_name"), _name(node, 2, "old_name")
            if old in model.indexes:
                model.indexes[new] = model.indexes.pop(old).having(name=self._quotes.text(new))
        elif kind in ("AddConstraint", "AddConstraintNotValid"):
            self._named(_given(node, 1, "constraint"), model.constraints)
        elif kind == "AlterConstraint":
            self._named(_given(node, 2, "constraint"), model.constraints)
        elif kind == "RemoveConstraint":
            model.constraints.pop(name, None)


def _given(node: ast.Call, place: int, name: str) -> ast.expr | None:
    for one in node.keywords:
        if one.arg == name:
            return one.value
    return node.args[place] if len(node.args) > place else None


def _name(node: ast.Call, place: int, name: str) -> str:
    value = _given(node, place, name)
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _together(node: ast.expr | None) -> tuple[tuple[str, ...], ...]:
    if node is None:
        return ()
    try:
        value = ast.literal_eval(node)
    except (ValueError, SyntaxError):
        # set() and the like: nothing that could be told.
        return ()
    groups = [value] if value and all(isinstance(one, str) for one in value) else value
    return tuple(tuple(one) for one in groups)
