"""What Vitess's proxy takes of MySQL's language, whether one runs it or PlanetScale does.

Vitess documentation, 16 to 22:

- "Managed, Online Schema Changes": CREATE, ALTER and DROP of tables and views are managed; RENAME
  TABLE is not, and runs on each shard at its own moment.
- "Schema Management": no triggers, procedures, functions or events; "MySQL Compatibility": none are
  created through the proxy, views are only read, SELECT does not fill variables, and the proxy works
  in a strict mode that should stay.
- "Vindexes": only a unique vindex keeps values unique across shards; a unique key is one shard's own.
- The proxy's grammar knows neither DO nor SIGNAL, so guards are queries.

Not tried on a server: none can be had from package registries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from wizard.dialects import estimates
from wizard.dialects.base import Batch, Capabilities, Dialect, Size
from wizard.dialects.flavours import vitess_shards
from wizard.dialects.flavours.base import Signs, Situation
from wizard.dialects.flavours.by_shard import not_run_here, worth_it
from wizard.dialects.flavours.subjects import is_ddl
from wizard.model.findings import Finding, warning
from wizard.model.plan import Lock
from wizard.model.steps import (
    AddIndex,
    AddPrimaryKey,
    AddUnique,
    Batched,
    CreateDependent,
    CreateShadowView,
    CreateSync,
    CreateTable,
    CreateTableView,
    DropDependent,
    DropShadowView,
    DropSync,
    DropTable,
    DropTableView,
    Impossible,
    LockTables,
    MoveNumbering,
    Nothing,
    RenameTable,
    ReplaceView,
    Require,
    SetIdentity,
    Step,
    SwapColumns,
    SwapTableView,
    ValidateConstraint,
    is_data,
)

#: The version that the proxy says by default, whatever its servers are.
SPOKEN = (8, 0, 30)

_OWN = re.compile(r"(?:Version: |-vitess-)(\d+)\.(\d+)", re.IGNORECASE)
#: At the very end of ALTER TABLE, where the base dialect puts it.
#: What sets the session, and what keeps how it was.
_SETTINGS = ("SET SESSION ", "SET @")
_ALGORITHM = re.compile(r", ALGORITHM=\w+(?:, LOCK=\w+)?\Z")
_IN_CODE = (
    "Map the new name in the application (--how map), or let the application write both columns "
    "for a release."
)


def own_version(signs: Signs) -> tuple[int, ...]:
    """Return Vitess's own version where the server tells it, else nothing."""
    match = _OWN.search(f"{signs.version} {signs.comment}")
    return (int(match[1]), int(match[2])) if match else ()


def says(signs: Signs, word: str) -> bool:
    """Tell whether a server's name for itself holds a word."""
    return word in f"{signs.version} {signs.comment}".lower()


def capable(base: Capabilities) -> Capabilities:
    """Return what plans may count on: every change of a table is a copy beside it, and online."""
    return replace(
        base,
        online_index=True,
        online_ddl=False,
        online_copy=True,
        add_volatile_default=True,
        not_valid_key=False,
        writable_view=False,
        hide_index=False,
        keeps_old=False,
    )


def unsupported(step: Step | type) -> str | None:
    """Return why the proxy does not take a step, as a clause; None where it does."""
    kind = step if isinstance(step, type) else type(step)
    if kind in (CreateSync, DropSync, SwapColumns):
        return "there are no triggers, which would keep both columns equal"
    if kind in (CreateShadowView, DropShadowView, CreateTableView, DropTableView, SwapTableView):
        return "a view takes no writes"
    if kind is ValidateConstraint:
        return "a constraint is never proven by itself, only when it is added"
    if kind is RenameTable:
        return "a table is renamed on each shard at another moment, and routes keep the old name"
    if isinstance(step, CreateDependent | DropDependent) and step.dependent.kind != "view":
        return f"the {step.dependent.kind} {step.dependent.name} cannot be made through the proxy"
    if kind is MoveNumbering or (isinstance(step, SetIdentity) and step.identity is not None):
        return "AUTO_INCREMENT gives out the same numbers on each shard"
    return None


def instead(step: Step) -> str:
    """Say what to do instead of a step that `unsupported` refuses."""
    match step:
        case CreateSync() | DropSync() | SwapColumns() | CreateShadowView() | DropShadowView():
            return _IN_CODE
        case RenameTable() | CreateTableView() | SwapTableView() | DropTableView():
            return (
                "Make a table of the new name, let the application write both, copy what is "
                "missing, and let it read the new one. To get rid of a table, say --archive none: "
                "what was dropped can be brought back for a while."
            )
        case ValidateConstraint():
            return "Look for rows that break it by a query, and mend them."
        case SetIdentity() | MoveNumbering():
            return "Use a sequence of Vitess's, which the VSchema ties to the column."
        case _:
            return "Drop what is in the way by hand, and make it again without the proxy."


def statements(step: Step, dialect: Dialect) -> tuple[str, ...]:
    """Return the statements of MySQL's dialect in the proxy's words.

    ALGORITHM and LOCK are left to Vitess, and so is the strict mode that comes before them.
    """
    match step:
        case Require():
            return (require(step, dialect),)
        case Impossible(reason=reason):
            return (f"SELECT UUID_TO_BIN({dialect.literal(reason)})",)
        case _:
            said = dialect.sql(step)
    if not is_ddl(step):
        return said
    return tuple(_ALGORITHM.sub("", one) for one in said if not one.startswith(_SETTINGS))


def require(step: Require, dialect: Dialect) -> str:
    """Return a query that fails with the message for any row that the step's query returns.

    The failing function gets a value of the row, so that nobody works it out without one.
    """
    query = step.query.strip().removesuffix(";").rstrip()
    return (
        f"SELECT UUID_TO_BIN(CONCAT({dialect.literal(step.message)}, found.seen)) FROM (\n"
        f"    SELECT '' AS seen FROM (\n        {query}\n    ) AS looked LIMIT 1\n) AS found"
    )


def batch(step: Batched, dialect: Dialect) -> Batch:
    """Return one batch; a key of one column is walked by a query that all shards answer together."""
    # A variable of the session would pin a connection of each shard to it.
    found = replace(dialect.batch(step), begin=(), end=())
    if len(step.key) != 1:
        return found
    key = dialect.quote(step.key[0])

    def walk(begins: str) -> str:
        return (
            f"SELECT MAX(key_0) AS last_0 FROM (\n    SELECT {key} AS key_0 "
            f"FROM {dialect.table(step.table)}{begins} ORDER BY {key} LIMIT :size\n) AS walked"
        )

    return replace(found, walk_first=walk(""), walk_following=walk(f" WHERE {key} > :after_0"))


def lock(step: Step, size: Size, dialect: Dialect, mode: str) -> Lock:
    """Return what a step holds: a change of a table copies it, and lets all go on meanwhile."""
    held = dialect.lock(step, size)
    if held.mode == "none" or is_data(step) or isinstance(step, Require | LockTables | Nothing):
        return held
    if isinstance(step, CreateTable | DropTable | CreateDependent | DropDependent | ReplaceView):
        return Lock(mode=mode, on=held.on, milliseconds=estimates.INSTANT)
    return Lock(mode=mode, on=held.on, work="rewrite", milliseconds=estimates.rewrite(size))


def shared_findings(
    engine: str, label: str, steps: Sequence[Step], situation: Situation
) -> tuple[Finding, ...]:
    """Return what both engines say: unique per shard, and one statement in a file of plain SQL."""
    found: list[Finding] = []
    unique = [one for one in steps if _unique(one)]
    if unique:
        names = ", ".join(dict.fromkeys(str(getattr(one, "table", "")) for one in unique))
        found.append(
            warning(
                "engine-unique-per-shard",
                f"If {names} is sharded, each shard keeps the values unique among its own rows "
                "alone.",
                why="A unique key is one server's own; across shards only a unique vindex of the "
                "VSchema is.",
                safer="Have the key contain the columns of the primary vindex, or make a unique "
                "lookup vindex first.",
                reference="Vitess documentation, Vindexes",
            )
        )
    walked = [one for one in steps if isinstance(one, Batched) and one.key]
    if walked and not situation.rollout.small:
        names = ", ".join(dict.fromkeys(str(one.table) for one in walked))
        found.append(
            warning(
                "engine-one-update",
                f"In a file of plain SQL the rows of {names} are changed by one statement, which "
                f"{engine} stops when it takes longer than a query may.",
                why="A loop that commits needs a procedure, and the proxy makes none.",
                safer="Write this phase for Alembic, whose file walks the key in batches, or run "
                "the batches from a script of your own.",
                reference=f"{label} documentation, MySQL compatibility",
            )
        )
    if walked and worth_it(situation.rollout):
        by = vitess_shards.by_shard(walked[0].table.schema, client=label == "Vitess")
        found.append(not_run_here(engine, walked[0], by, "Vitess documentation, VTGate"))
    return tuple(found)


def _unique(step: Step) -> bool:
    return isinstance(step, AddUnique | AddPrimaryKey) or (
        isinstance(step, AddIndex) and step.index.unique
    )
