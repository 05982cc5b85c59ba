"""Which tool for which need, and from what size on a tool is worth its trouble.

The rules and limits are those of safety.md §1.4 ("Hand-off thresholds").
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wizard.dialects.base import Size
from wizard.handover import tools
from wizard.handover.base import Limits, Need, Server
from wizard.handover.spirit import REPLICAS_BEHIND_MS
from wizard.model.handover import Offer

DIRECT_BYTES = 100 * 1024**2
HAND_OVER_BYTES = 1024**3
HAND_OVER_ROWS = 1_000_000
#: From here on several threads and going on after a crash are worth more than gentleness.
HUGE_BYTES = 100 * 1024**3


class Way(StrEnum):
    """How a change of a table should be run, by its size."""

    DIRECT = "direct"
    DIRECT_SLOWLY = "direct, with a warning"
    HAND_OVER = "hand over"


def worth_it(size: Size, *, copies: bool) -> Way:
    """Return how to run a change; ``copies`` says whether the server would copy the table.

    A size of which nothing is known counts as large, because too careful breaks nothing.
    """
    if not copies:
        return Way.DIRECT
    if size.rows is None and size.bytes is None:
        return Way.HAND_OVER
    if (size.rows or 0) > HAND_OVER_ROWS or (size.bytes or 0) > HAND_OVER_BYTES:
        return Way.HAND_OVER
    return Way.DIRECT if (size.bytes or 0) < DIRECT_BYTES else Way.DIRECT_SLOWLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """All tools, the best first, those that refuse last; and why the first one is the best."""

    offers: tuple[Offer, ...]
    reason: str

    @property
    def best(self) -> Offer | None:
        """The tool to take, None where every tool refuses."""
        return next((offer for offer in self.offers if offer.command is not None), None)


def choose(need: Need, limits: Limits, server: Server) -> Choice:
    """Return every tool for a need, ranked, with the reason in one sentence."""
    first, reason = _favourite(need, limits, server)
    order = [first, *(name for name in _USUAL if name != first)]
    offers = [
        Offer(
            tool=tool.name,
            label=tool.label,
            command=None if refusal else tool.command(need, limits, server),
            refusal=refusal,
        )
        for tool in sorted(tools().values(), key=lambda tool: _place(tool.name, order))
        for refusal in (tool.refuses(need),)
    ]
    offers.sort(key=lambda offer: offer.refusal is not None)
    choice = Choice(offers=tuple(offers), reason=reason)
    if choice.best is None:
        return Choice(offers=choice.offers, reason=_NONE)
    if choice.best.tool != first:
        return Choice(offers=choice.offers, reason=_only(choice.best.label, offers))
    return choice


#: Without triggers first, then the one that works nearly everywhere, then the one that kills sessions.
_USUAL = ("gh-ost", "pt-online-schema-change", "spirit")
_NONE = "None of the tools can change this table: let the server do it while nobody writes."


def _place(name: str, order: list[str]) -> int:
    return order.index(name) if name in order else len(order)


def _favourite(need: Need, limits: Limits, server: Server) -> tuple[str, str]:
    gh_ost, pt_osc, spirit = _USUAL
    if need.galera:
        return pt_osc, "The server is a Galera cluster, where only pt-online-schema-change works."
    if need.foreign_keys or need.referenced_by:
        return pt_osc, "The table has foreign keys, which only pt-online-schema-change works with."
    if need.triggers:
        if need.way_back or not need.copy_triggers:
            return pt_osc, "The table has triggers, and pt-online-schema-change keeps their names."
        return gh_ost, "The table has triggers, and you agreed that gh-ost gives them other names."
    if need.engine == "mariadb":
        return pt_osc, "The server is MariaDB, where only pt-online-schema-change works."
    if (need.size.bytes or 0) > HUGE_BYTES:
        if server.replicas and limits.replica_lag_ms < REPLICAS_BEHIND_MS:
            return gh_ost, "The table is huge, but its replicas must not lag: gh-ost minds them."
        return spirit, (
            "The table is larger than 100 GB, and spirit copies by several threads, goes on after "
            "a crash and compares all rows."
        )
    return gh_ost, "gh-ost adds no triggers to the table, and can be paused."


def _only(label: str, offers: list[Offer]) -> str:
    able = [offer for offer in offers if offer.command is not None]
    if len(able) == 1:
        return f"{label} is the only one that can change this table."
    return f"{label} is the first of those that can change this table."
