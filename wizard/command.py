"""The headless twin of what was answered: one line that does the same again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from wizard.model.answers import Answers, Value
from wizard.operations import operation
from wizard.operations.definition_text import definition_text
from wizard.questions import ROLLOUT_QUESTIONS, Kind, Question


def command_line(
    answers: Answers,
    *,
    verb: str = "write",
    extra: Sequence[str] = (),
) -> str:
    """Return the command line; several operations need an answers file and are said so.

    No URL with a password ever stands in it: such a URL is left to ``env:DATABASE_URL``.
    """
    words = ["migwiz", verb]
    if len(answers.operations) > 1:
        words += ["--answers", "answers.toml"]
    for one in answers.operations[:1]:
        kind = operation(one.kind)
        words.append(kind.command)
        for question in kind.questions:
            if question.key in one.values:
                words += flag_words(question, one.values[question.key])
    for key in ("framework", "layout", "directory"):
        value = answers.get(f"project.{key}")
        if value is not None:
            words += [f"--{key}", str(value)]
    words += _database(answers)
    for question in ROLLOUT_QUESTIONS:
        value = answers.get(question.key)
        if value is not None:
            words += flag_words(question, value)
    words += extra
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    """Return a word for a POSIX shell; SQL's own quotes stay readable inside double quotes."""
    if "'" in word and not set(word) & set('"$`\\!'):
        return f'"{word}"'
    return shlex.quote(word)


def _database(answers: Answers) -> list[str]:
    url = answers.text("database.url")
    flags: tuple[tuple[str, str], ...] = (
        ("schema", "--schema"),
        ("dialect", "--dialect"),
        ("server_version", "--server-version"),
        ("flavour", "--flavour"),
    )
    words = []
    if url is not None:
        safe = url.startswith("env:") or "@" not in url
        words, flags = ["--url", url if safe else "env:DATABASE_URL"], flags[-1:]
    for key, flag in flags:
        value = answers.text(f"database.{key}")
        if value is not None:
            words += [flag, value]
    return words


def flag_words(question: Question, value: Value) -> list[str]:
    """Return the flag of a question with its value, as the shell's words."""
    if isinstance(value, bool):
        return [question.flag if value else "--no-" + question.flag[2:]]
    if question.kind is Kind.ASSIGNMENTS and isinstance(value, Mapping):
        return [word for name, one in value.items() for word in (question.flag, f"{name} = {one}")]
    return [question.flag, shown(value)]


def shown(value: Value) -> str:
    """Return a value as a flag or a field takes it: lists joined by commas, keys in short form."""
    if isinstance(value, tuple):
        # Names stand close together, whole definitions are easier to read apart.
        apart = ", " if any(isinstance(one, Mapping) for one in value) else ","
        return apart.join(shown(one) for one in value)
    if not isinstance(value, Mapping):
        return "" if value is None else str(value)
    defined = definition_text(value)
    if defined is not None:
        return defined
    if "table" in value:
        columns = value.get("columns")
        return f"{value['table']}({shown(columns)})" if columns else str(value["table"])
    if "name" in value and "schema" in value:
        return f"{value['schema']}.{value['name']}"
    if "name" in value or "expression" in value:
        words = [str(value.get("name") or value.get("expression"))]
        if value.get("order") == "desc":
            words.append("desc")
        if value.get("nulls"):
            words.append(f"nulls {value['nulls']}")
        return " ".join(words)
    return "; ".join(f"{name} = {one}" for name, one in value.items())
