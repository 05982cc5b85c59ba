"""Running a command: finding its module, and turning what goes wrong into words and exit codes."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence

import click

from wizard.commands import COMMANDS
from wizard.model.errors import MigwizError
from wizard.redact import redact


def run(words: Sequence[str]) -> int:
    """Run the command named by the first word (the wizard when there is none)."""
    try:
        return _dispatch(list(words))
    except MigwizError as error:
        sys.stderr.write(error_text(error))
        return error.exit_code
    except click.exceptions.Exit as error:
        return int(error.exit_code)
    except click.Abort:
        sys.stderr.write("\ninterrupted: nothing was written\n")
        return 130
    except click.ClickException as error:
        _show_usage_error(error)
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted: nothing was written\n")
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    except Exception as error:
        _show_bug(error)
        return 1


def _dispatch(words: list[str]) -> int:
    if words and words[0] in COMMANDS:
        module = importlib.import_module(f"wizard.commands.{words[0]}_command")
        command: click.Command = module.COMMAND
        return _invoke(command, f"migwiz {words[0]}", words[1:])
    if words and not words[0].startswith("-"):
        import difflib

        near = difflib.get_close_matches(words[0], COMMANDS, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise click.UsageError(f"there is no command {words[0]}{hint} Try: migwiz --help")
    if not words:
        from wizard.commands.starting import start_here

        return start_here()
    from wizard.commands.wizard_command import COMMAND

    return _invoke(COMMAND, "migwiz", words)


def _invoke(command: click.Command, name: str, words: list[str]) -> int:
    result = command.main(args=words, prog_name=name, standalone_mode=False)
    return result if isinstance(result, int) else 0


def error_text(error: MigwizError) -> str:
    """Return what, why and what next, one a line."""
    lines = [f"error: {error.message}"]
    if error.why:
        lines.append(f"  why   {error.why}")
    lines += [f"  next  {one}" for one in error.next_actions]
    if error.flag and not any(error.flag in one for one in error.next_actions):
        lines.append(f"  flag  {error.flag}")
    lines.append(f"  more  migwiz explain {error.code}")
    return redact("\n".join(lines)) + "\n"


def _show_usage_error(error: click.ClickException) -> None:
    lines = [f"error: {error.format_message()}"]
    context = getattr(error, "ctx", None)
    if context is not None:
        lines.append(f"  next  {context.command_path} --help lists the options")
    sys.stderr.write(redact("\n".join(lines)) + "\n")


def _show_bug(error: Exception) -> None:
    """Show a bug in a form that can be sent on: no values, no passwords."""
    frames = traceback.extract_tb(error.__traceback__)
    place = next(
        (one for one in reversed(frames) if "site-packages" not in one.filename), frames[-1]
    )
    where = f"{os.path.basename(place.filename)}:{place.lineno} in {place.name}"
    sys.stderr.write(
        f"migwiz has a bug: {type(error).__name__} at {where}\n"
        "  next  please report this line; nothing was written\n"
        "  more  set MIGWIZ_DEBUG=1 to see the whole traceback\n"
    )
    if os.environ.get("MIGWIZ_DEBUG"):
        sys.stderr.write(redact("".join(traceback.format_exception(error))))
