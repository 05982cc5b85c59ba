"""What the user said: an immutable, ordered, serialisable set of answers.

The file format is DESIGN §4.1: TOML or JSON, ``version = 1``, the sections ``database``,
``project`` and ``rollout``, and a list of operations.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast

from wizard.model.errors import AnswerError, ReachError
from wizard.model.rollout import Deployment, Rollout

Value = str | int | bool | tuple["Value", ...] | Mapping[str, "Value"] | None

SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "database": ("url", "schema", "dialect", "server_version", "flavour"),
        "project": ("root", "framework", "layout", "app", "directory"),
        "rollout": ("deployment", "migrate", "rows", "bytes", "lock_budget_ms", "backfill"),
    }
)


def freeze(value: Any) -> Value:
    """Return ``value`` (as read from TOML or JSON) with immutable containers."""
    if isinstance(value, Mapping):
        return MappingProxyType({str(key): freeze(one) for key, one in value.items()})
    if isinstance(value, list | tuple):
        return tuple(freeze(one) for one in value)
    if value is None or isinstance(value, str | int | bool):
        return cast("Value", value)
    raise AnswerError(
        "answer-type", f"{value!r} is not a text, whole number, yes or no, list or table"
    )


def thaw(value: Value) -> Any:
    """Return ``value`` with plain lists and dicts, ready for a serialiser; drops None."""
    if isinstance(value, Mapping):
        return {key: thaw(one) for key, one in value.items() if one is not None}
    if isinstance(value, tuple):
        return [thaw(one) for one in value]
    return value


_EMPTY: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationAnswers:
    """One thing to change: its kind and the values of its questions, by question key."""

    kind: str
    values: Mapping[str, Value] = field(default_factory=lambda: _EMPTY)

    def put(self, key: str, value: Value) -> OperationAnswers:
        """Return these answers with one changed; None takes the answer away."""
        values = {name: one for name, one in self.values.items() if name != key}
        if value is not None:
            values[key] = value
        return replace(self, values=MappingProxyType(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All that was said. ``values`` has dotted keys such as ``rollout.deployment``."""

    values: Mapping[str, Value] = field(default_factory=lambda: _EMPTY)
    operations: tuple[OperationAnswers, ...] = ()

    def get(self, key: str) -> Value:
        """Return one answer by its dotted key, None when it was not given."""
        return self.values.get(key)

    def text(self, key: str) -> str | None:
        """Return one answer as text, None when it was not given."""
        value = self.values.get(key)
        return None if value is None else str(value)

    def put(self, key: str, value: Value) -> Answers:
        """Return these answers with one changed; None takes the answer away."""
        values = {name: one for name, one in self.values.items() if name != key}
        if value is not None:
            values[key] = value
        return replace(self, values=MappingProxyType(values))

    def with_operation(self, operation: OperationAnswers, index: int = 0) -> Answers:
        """Return these answers with the operation at ``index`` replaced, or added at the end."""
        before, after = self.operations[:index], self.operations[index + 1 :]
        return replace(self, operations=(*before, operation, *after))

    @property
    def rollout(self) -> Rollout:
        """The rollout answers as a typed whole, with defaults for what was not said.

        Raises AnswerError for values outside the choices.
        """
        given = {
            name: self.values[f"rollout.{name}"]
            for name in SECTIONS["rollout"]
            if f"rollout.{name}" in self.values
        }
        try:
            deployment = Deployment(str(given.pop("deployment", Deployment.ROLLING)))
        except ValueError as error:
            raise AnswerError(
                "bad-answer",
                str(error),
                next_actions=("use maintenance, rolling or blue-green",),
                flag="--deployment",
            ) from None
        migrate = str(given.pop("migrate", "before"))
        if migrate not in ("before", "after"):
            raise AnswerError(
                "bad-answer",
                f"migrations run before or after the new code starts, not {migrate!r}",
                flag="--migrate",
            )
        backfill = str(given.pop("backfill", "file"))
        if backfill not in ("file", "runner"):
            raise AnswerError(
                "bad-answer",
                f"rows are filled by the file or by the runner, not by {backfill!r}",
                next_actions=("use file or runner",),
                flag="--backfill",
            )
        for name, value in given.items():
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise AnswerError(
                    "bad-answer",
                    f"{name} must be a whole number of zero or more, not {value!r}",
                    flag="--" + name.replace("_", "-"),
                )
        return Rollout(
            deployment=deployment,
            migrate=cast("Literal['before', 'after']", migrate),
            rows=cast("int | None", given.get("rows")),
            bytes=cast("int | None", given.get("bytes")),
            lock_budget_ms=cast("int", given.get("lock_budget_ms", 2_000)),
            backfill=cast("Literal['file', 'runner']", backfill),
        )


def to_document(answers: Answers) -> dict[str, Any]:
    """Return the answers as the nested document of the file format."""
    document: dict[str, Any] = {"version": 1}
    for section, names in SECTIONS.items():
        values = {
            name: thaw(answers.values[f"{section}.{name}"])
            for name in names
            if answers.values.get(f"{section}.{name}") is not None
        }
        if values:
            document[section] = values
    if answers.operations:
        document["operation"] = [
            {"kind": one.kind, **{key: thaw(value) for key, value in one.values.items()}}
            for one in answers.operations
        ]
    return document


def from_document(document: Mapping[str, Any], *, source: str = "answers") -> Answers:
    """Read the nested document of the file format.

    Raises AnswerError that names the place for an unknown version, section or key.
    """
    if document.get("version") != 1:
        raise AnswerError(
            "answers-version",
            f"{source}: version is {document.get('version')!r}, this migwiz reads version 1",
            next_actions=("put `version = 1` at the top of the file",),
        )
    values: dict[str, Value] = {}
    operations: list[OperationAnswers] = []
    for key, content in document.items():
        if key == "version":
            continue
        if key == "operation":
            entries = content if isinstance(content, list) else [content]
            operations.extend(_operation(entry, source) for entry in entries)
        elif key in SECTIONS and isinstance(content, Mapping):
            for name, value in content.items():
                if name not in SECTIONS[key]:
                    raise AnswerError(
                        "unknown-answer",
                        f"{source}: [{key}] has no answer {name!r}",
                        next_actions=(f"use one of: {', '.join(SECTIONS[key])}",),
                    )
                values[f"{key}.{name}"] = freeze(value)
        else:
            raise AnswerError(
                "unknown-answer",
                f"{source}: there is no section {key!r}",
                next_actions=(f"use {', '.join(SECTIONS)} and operation",),
            )
    return Answers(values=MappingProxyType(values), operations=tuple(operations))


def _operation(entry: Any, source: str) -> OperationAnswers:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("kind"), str):
        raise AnswerError(
            "unknown-answer",
            f"{source}: an operation has no kind",
            next_actions=('write kind = "add_column" or another operation',),
        )
    values = {str(key): freeze(value) for key, value in entry.items() if key != "kind"}
    return OperationAnswers(kind=entry["kind"], values=MappingProxyType(values))


def read_answers(path: Path) -> Answers:
    """Read an answers file, TOML or (by its ending) JSON.

    Raises ReachError when it cannot be read, AnswerError when it does not parse.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ReachError(
            "answers-unreadable",
            f"cannot read the answers file {path}",
            why=error.strerror or str(error),
            flag="--answers",
        ) from None
    except UnicodeDecodeError:
        raise AnswerError("answers-syntax", f"{path} is not UTF-8 text") from None
    try:
        document = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except ValueError as error:
        raise AnswerError("answers-syntax", f"{path} does not parse", why=str(error)) from None
    if not isinstance(document, Mapping):
        raise AnswerError("answers-syntax", f"{path} holds no table of answers")
    return from_document(document, source=str(path))


def to_toml(answers: Answers) -> str:
    """Return the answers as the TOML text that `read_answers` reads."""
    import tomli_w

    document = to_document(answers)
    operations = document.pop("operation", [])
    parts = [tomli_w.dumps(document)]
    for one in operations:
        # One key a line and nothing nested deeper, as a person would write it.
        lines = [f"{_key(key)} = {_toml(value)}" for key, value in one.items()]
        parts.append("\n".join(["[[operation]]", *lines, ""]))
    return "\n".join(parts)


def _toml(value: Any) -> str:
    """Return a value, or a key, as TOML on one line."""
    import tomli_w

    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_toml(one)}" for key, one in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return tomli_w.dumps({"x": value}).partition(" = ")[2].strip()


def _key(name: str) -> str:
    import tomli_w

    return tomli_w.dumps({name: 0}).rpartition(" = ")[0]
