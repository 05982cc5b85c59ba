"""What ``plan`` and ``write`` share: one subcommand per operation, made from its questions."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from wizard.commands.options import option, session_from, shared_options
from wizard.model.answers import to_toml
from wizard.model.errors import AnswerError, ConflictError, ReachError
from wizard.operations.base import Operation
from wizard.session import Session

Act = Callable[[Session, dict[str, Any]], int]


class Operations(click.Group):
    """A group whose subcommands are the operations; without one, the answers file says it all."""

    def __init__(self, *, act: Act, extra: list[Callable[[Any], Any]], **rest: Any) -> None:
        super().__init__(invoke_without_command=True, no_args_is_help=True, **rest)
        self._act = act
        self._extra = extra

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the operations' names in the order of their groups."""
        return [one.command for one in Session.operations()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return one operation's command, None when there is none such."""
        wanted = cmd_name.replace("-", "_")
        found = next((one for one in Session.operations() if one.kind == wanted), None)
        return None if found is None else self._command(found)

    def _command(self, kind: Operation) -> click.Command:
        def run(**values: Any) -> int:
            session = session_from(kind.kind, kind.questions, values)
            save_answers(session, values)
            return self._act(session, values)

        command: Callable[..., Any] = run
        for one in reversed(self._extra):
            command = one(command)
        command = shared_options(command)
        for question in reversed(kind.questions):
            command = option(question)(command)
        what = kind.doc.split("\n\n", 2)
        text = "\n\n".join(["\b\n" + one if "\n    " in one else one for one in what[:2]])
        return click.command(kind.command, help=text, short_help=kind.label + ".")(command)


def group(name: str, help: str, act: Act, extra: list[Callable[[Any], Any]]) -> click.Group:
    """Return the group of operations that does ``act``."""
    built = Operations(act=act, extra=extra, name=name, help=help)

    def alone(**values: Any) -> int:
        context = click.get_current_context()
        if context.invoked_subcommand is not None:
            return 0
        if values.get("answers") is None:
            raise AnswerError(
                "missing-answer",
                "nothing was asked for",
                next_actions=(
                    f"name an operation: migwiz {name} add-column --help",
                    f"or a file: migwiz {name} --answers FILE",
                ),
                flag="--answers",
            )
        session = session_from(None, (), values)
        save_answers(session, values)
        return act(session, values)

    callback: Callable[..., Any] = alone
    for one in reversed(extra):
        callback = one(callback)
    callback = shared_options(callback)
    parameters = getattr(callback, "__click_params__", [])
    built.params = list(reversed(parameters))
    built.callback = callback
    return built


def save_answers(session: Session, values: dict[str, Any]) -> None:
    """Write the answers to a new file when that was asked for; never over an existing one."""
    target: Path | None = values.get("save_answers")
    if target is None:
        return
    url = session.answers.text("database.url")
    answers = session.answers
    if url is not None and "@" in url and not url.startswith("env:"):
        answers = answers.put("database.url", "env:DATABASE_URL")
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(to_toml(answers))
    except FileExistsError:
        raise ConflictError(
            "file-exists", f"{target} exists already", flag="--save-answers"
        ) from None
    except OSError as error:
        raise ReachError(
            "unwritable", f"cannot write {target}", why=error.strerror or "", flag="--save-answers"
        ) from None
    sys.stderr.write(f"saved the answers to {target}\n")
