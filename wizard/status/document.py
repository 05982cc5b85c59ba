"""Where plans stand as a document for programs; docs/status.schema.json describes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from wizard.model.errors import MigwizError
from wizard.redact import redact
from wizard.standing import PlanStanding

VERSION = 1


def status_document(
    plans: Sequence[PlanStanding], problems: Sequence[MigwizError] = ()
) -> dict[str, Any]:
    """Return the document, without a password whatever a driver has said.

    ``problems`` are those of plan files that do not read.
    """
    return {
        "version": VERSION,
        "plans": [_clean(asdict(one)) for one in plans],
        "problems": [
            _clean({"code": one.code, "what": one.message, "why": one.why}) for one in problems
        ],
    }


def _clean(value: Any) -> Any:
    match value:
        case str():
            return redact(value)
        case dict():
            return {key: _clean(each) for key, each in value.items()}
        case list() | tuple():
            return [_clean(each) for each in value]
        case _:
            return value
