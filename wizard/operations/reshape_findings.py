"""What there is to know before columns take the place of others."""

from __future__ import annotations

from wizard.model.findings import Finding, danger, info, warning
from wizard.model.schema import Column, Table, Unique
from wizard.operations.base import Context
from wizard.operations.column_sets import Reshape, listed, verb
from wizard.operations.column_uses import named
from wizard.operations.replaced_columns import standing_on
from wizard.operations.twins import constraints_of, indexes_of


def reshape_findings(reshape: Reshape, context: Context) -> tuple[Finding, ...]:
    """Return what to know about the change."""
    table, olds, news = reshape.table, listed(reshape.olds), listed(reshape.news)
    found = [
        warning(
            "sync-costs-writes",
            f"Writes to {table.name} are about a third slower while the trigger works out {news}.",
            why="It runs for every inserted and updated row.",
        ),
        warning(
            "read-new-after-backfill",
            f"No code may read {news} before the backfill is done, nor write NULL to it alone.",
            why="Until then rows hold NULL there, and the fill would bring an old value back.",
        ),
        *_values(reshape),
        *left_behind(table, tuple(one.column for one in reshape.old), reshape.news, context),
    ]
    required = tuple(one.name for one in reshape.new if not one.column.nullable)
    if required and not context.rollout.stopped:
        found.append(
            warning(
                "expression-makes-null",
                f"From validate on a write of old code fails if its value of {olds} makes NULL of "
                f"{listed(required)}.",
                why="The trigger works the new columns out of what old code writes.",
                safer="Write an expression that always makes a value, or require it later (migwiz "
                "set-not-null).",
            )
        )
    if not context.dialect.capabilities.sync_forgives:
        found.append(
            warning(
                "expression-may-fail",
                f"A write fails if its value of {olds} makes an expression fail, or makes a value "
                f"that {news} cannot hold.",
                why=f"A trigger of {context.dialect.label} cannot go on after an error.",
                safer="Write expressions that yield NULL for what they cannot take apart, and "
                "columns that are wide enough.",
            )
        )
    triggers = [one.name for one in table.triggers]
    if triggers:
        found.append(
            warning(
                "trigger-bodies",
                f"{', '.join(triggers)} may name {olds} in a function's body, which nobody checks.",
                why="The server looks at a function's text only when it runs.",
                safer=f"Read them, and let them use {news} before contract.",
            )
        )
    return tuple(found)


def _values(reshape: Reshape) -> list[Finding]:
    """Say what old readers see, and what comes back."""
    name, olds, news = reshape.table.name, listed(reshape.olds), listed(reshape.news)
    if not reshape.two_way:
        return [
            danger(
                "old-values-stand-still",
                f"Code that still reads {olds} does not see what new code writes to {news}: NULL in "
                "new rows, and the earlier value in changed ones.",
                why="No expression makes the old value of the new ones. For the same reason the "
                f"downgrade of contract brings {olds} back empty.",
                safer="Give the expression with --back, or let no version write the new columns "
                "while another one still reads the old.",
            )
        ]
    if reshape.normalise:
        return [
            warning(
                "values-written-anew",
                f"Values of {olds} that {news} would not bring back are written anew before "
                "contract, and their earlier form is lost.",
                why="Old code and the way back then see what the expressions make of them.",
                safer="Look at them first: the plan without --normalise shows the query.",
            )
        ]
    return [
        info(
            "value-does-not-return",
            f"The plan stops before it changes anything if a value of {name}.{olds} would not come "
            "back as it was.",
            why="Such a value is another one for code that reads the old form after new code has "
            "written it, and after the way back. The query shows them, and how many there are.",
            safer="Mend them, write expressions that keep them, or accept the other form with "
            "--normalise.",
        ),
        info(
            "way-back-complete",
            f"Every downgrade is complete: contract makes {olds} again from {news}.",
        ),
    ]


def left_behind(
    table: Table, columns: tuple[Column, ...], news: tuple[str, ...], context: Context
) -> list[Finding]:
    """Name what stands on columns that go, and does not go along to the new ones."""
    twins = standing_on(columns, table)
    held = (*indexes_of(twins, context), *constraints_of(twins))
    if not held:
        return []
    unique = any(isinstance(one, Unique) or getattr(one, "unique", False) for one in held)
    goes = "goes" if len(held) == 1 else "go"
    what = f"With {listed(one.name for one in columns)} {goes} {named(held)}, and {listed(news)} "
    what += f"{verb(news, 'gets', 'get')} nothing like it."
    why = "What was written for one form means nothing for the other one."
    safer = "Add what is needed there before contract: migwiz add-index, add-unique, add-check."
    if unique:
        return [
            danger(
                "rule-left-behind",
                f"{what} From contract on nothing keeps rows from being equal there.",
                why=why,
                safer=safer,
            )
        ]
    return [warning("rule-left-behind", what, why=why, safer=safer)]
