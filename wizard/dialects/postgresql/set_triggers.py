"""The function that keeps several columns of PostgreSQL in step with several others."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.dialects.columns import in_row
from wizard.dialects.postgresql.words import compared, quote
from wizard.model.syncs import Follower, SyncSets


def body(sync: SyncSets) -> str:
    """Return the body of the trigger's function; see `SyncSets` for who wins.

    What either side says of the other is worked out first, into ``made``, so that values have the
    columns' own types when they are compared. What does not work out counts as NULL, instead of
    failing the write of an application that knows nothing of the new columns.
    """
    lines = ["DECLARE", "    made record := NEW;", "BEGIN", *_made(sync.new, sync.olds)]
    if sync.two_way:
        lines += _made(sync.old, sync.news)
    empty = " AND ".join(f"NEW.{quote(one)} IS NULL" for one in sync.news)
    lines += ["    IF TG_OP = 'INSERT' THEN", f"        IF {empty} THEN"]
    lines += _follow(sync.news, "            ")
    if sync.two_way:
        lines += ["        ELSE", *_follow(sync.olds, "            ")]
    lines += ["        END IF;", f"    ELSIF {_differ(sync.new, 'NEW', 'OLD')} THEN"]
    if sync.two_way:
        lines += [
            f"        IF {_differ(sync.new, 'NEW', 'made')} THEN",
            *_follow(sync.olds, "            "),
            "        END IF;",
        ]
    else:
        lines.append("        NULL;")
    lines.append(f"    ELSIF {_differ(sync.old, 'NEW', 'OLD')} THEN")
    if sync.two_way:
        lines += [
            f"        IF ({empty}) OR {_differ(sync.old, 'NEW', 'made')} THEN",
            *_follow(sync.news, "            "),
            "        END IF;",
        ]
    else:
        lines += _follow(sync.news, "        ")
    return "\n".join((*lines, "    END IF;", "    RETURN NEW;", "END"))


def _made(followers: tuple[Follower, ...], leaders: Iterable[str]) -> list[str]:
    """Return the lines that work one side out of the other."""
    lines, names = ["    BEGIN"], tuple(leaders)
    for one in followers:
        value = in_row(one.expression or "NULL", names, "NEW", quote, "postgresql")
        lines.append(f"        made.{quote(one.column)} := {value};")
    lines.append("    EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN")
    lines += [f"        made.{quote(one.column)} := NULL;" for one in followers]
    return [*lines, "    END;"]


def _follow(columns: tuple[str, ...], indent: str) -> list[str]:
    return [f"{indent}NEW.{quote(one)} := made.{quote(one)};" for one in columns]


def _differ(columns: tuple[Follower, ...], left: str, right: str) -> str:
    return " OR ".join(
        " IS DISTINCT FROM ".join(
            compared(f"{row}.{quote(one.column)}", one.compare_as) for row in (left, right)
        )
        for one in columns
    )
