"""The plan document: what `migwiz plan --format json` prints, DESIGN §4.2, version 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from generators.base import FileEdit
from generators.header import table_of
from wizard.dialects.base import Dialect, Size
from wizard.dialects.flavours import flavour_of
from wizard.model.answers import Answers, thaw
from wizard.model.findings import Finding
from wizard.model.handover import Command, Handover
from wizard.model.names import TableName
from wizard.model.option import Option
from wizard.model.plan import Change, Lock, Migration, Phase, Plan
from wizard.model.steps import Impossible, Nothing, Step, step_name

Sizes = Callable[[TableName], Size]


def plan_document(
    plan: Plan,
    answers: Answers,
    *,
    dialect: Dialect,
    sizes: Sizes,
    edits: Sequence[FileEdit],
    root: Path,
    options: Sequence[Option] = (),
) -> dict[str, Any]:
    """Return the plan as a JSON-ready document; paths are relative to the root."""
    rollout = answers.rollout
    naive = None
    if plan.naive is not None:
        milliseconds = plan.naive.lock.milliseconds
        naive = {
            # Empty where the engine has no such statement at all.
            "up": [
                sql
                for step in plan.naive.up
                if dialect.supports(step) is None
                for sql in dialect.sql(step)
            ],
            "lock": _lock(plan.naive.lock),
            "effect": plan.naive.effect,
            "estimate_ms": None if milliseconds is None else milliseconds[1],
        }
    return {
        "version": 1,
        "title": plan.title,
        "slug": plan.slug,
        "operations": [
            {"kind": one.kind, **{key: thaw(value) for key, value in one.values.items()}}
            for one in answers.operations
        ],
        "dialect": dialect.name,
        "server_version": ".".join(map(str, dialect.version)),
        "flavour": flavour_of(dialect) or None,
        "rollout": {
            "deployment": rollout.deployment.value,
            "migrate": rollout.migrate,
            "rows": rollout.rows,
            "bytes": rollout.bytes,
            "lock_budget_ms": rollout.lock_budget_ms,
        },
        "reversibility": str(plan.reversibility),
        "phases": [_phase(one, dialect, sizes) for one in plan.phases],
        "handovers": [_handover(one) for one in plan.handovers],
        "findings": [_finding(one) for one in plan.findings],
        "preflights": [{"query": one.query, "problem": one.problem} for one in plan.preflights],
        "snippets": [
            {"phase": one.phase, "title": one.title, "text": one.text} for one in plan.snippets
        ],
        "refused": None if plan.refused is None else _finding(plan.refused),
        "naive": naive,
        "options": [_option(one) for one in options],
        "files": [
            {
                "path": edit.path.relative_to(root).as_posix(),
                "action": edit.action,
                "phase": edit.phase,
                "content": edit.content,
            }
            for edit in edits
        ],
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "how": option.value,
        "label": option.label,
        "possible": not option.reasons,
        "reasons": list(option.reasons),
        "deploys": option.deploys,
        "files": option.files,
        "meanwhile": option.meanwhile,
        "lock": option.lock_up,
        "down_lock": option.lock_down,
        "way_back": option.way_back,
    }


def _phase(phase: Phase, dialect: Dialect, sizes: Sizes) -> dict[str, Any]:
    gate = phase.gate
    return {
        "name": phase.name,
        "when": phase.when,
        "application": phase.application,
        "gate": None if gate is None else {"text": gate.text, "query": gate.query},
        "way_back": phase.way_back,
        "migrations": [_migration(one, dialect, sizes) for one in phase.migrations],
    }


def _migration(migration: Migration, dialect: Dialect, sizes: Sizes) -> dict[str, Any]:
    return {
        "slug": migration.slug,
        "title": migration.title,
        "kind": migration.kind,
        "transactional": migration.transactional,
        "lock_timeout_ms": migration.lock_timeout_ms,
        "reversibility": str(migration.reversibility),
        "steps": [_change(one, dialect, sizes) for one in migration.changes],
    }


def _change(change: Change, dialect: Dialect, sizes: Sizes) -> dict[str, Any]:
    return {
        "step": step_name(change.step),
        "up": list(dialect.sql(change.step)),
        "down": [sql for step in change.undo for sql in dialect.sql(step)],
        "lock": _lock(strongest(dialect, sizes, (change.step,))),
        "down_lock": _lock(strongest(dialect, sizes, change.undo)),
        "reversibility": str(change.reversibility),
        "note": change.note or change.reversibility.reason,
    }


def strongest(dialect: Dialect, sizes: Sizes, steps: Sequence[Step]) -> Lock:
    """Return the lock among some steps that blocks most; a lock of mode ``none`` when none does."""
    locks = [
        dialect.lock(step, sizes(target))
        for step in steps
        if not isinstance(step, Nothing | Impossible) and (target := table_of(step)) is not None
    ]
    return max(
        locks, key=lambda one: (len(one.blocks), one.work != "none"), default=Lock(mode="none")
    )


def _lock(lock: Lock) -> dict[str, Any]:
    return {
        "mode": lock.mode,
        "on": [str(one) for one in lock.on],
        "blocks": list(lock.blocks),
        "work": lock.work,
        "milliseconds": None if lock.milliseconds is None else list(lock.milliseconds),
    }


def _handover(handover: Handover) -> dict[str, Any]:
    return {
        "table": str(handover.table),
        "title": handover.title,
        "migrations": list(handover.migrations),
        "reason": handover.reason,
        "offers": [
            {
                "tool": one.tool,
                "refusal": one.refusal,
                "command": None if one.command is None else _command(one.command),
            }
            for one in handover.offers
        ],
        "instead": handover.instead,
        "fill_in": list(handover.fill_in),
    }


def _command(command: Command) -> dict[str, Any]:
    """Return the command lines as lists of words, which a program runs without a shell."""
    return {
        "dry_run": None if command.dry_run is None else list(command.dry_run),
        "execute": list(command.execute),
        "revert": list(command.revert_words) or None,
        "way_back": command.revert,
        "pause": command.pause,
        "abort": command.abort,
        "before": list(command.before),
        "watch": list(command.watch),
        "after": list(command.after),
        "notes": list(command.notes),
        "warnings": list(command.warnings),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "what": finding.what,
        "why": finding.why,
        "safer": finding.safer,
        "reference": finding.reference,
        "needs_acknowledgement": finding.needs_acknowledgement,
    }
