"""Django's own operations, where the SQL that they run is the plan's own.

Not so, and therefore in SQL: dropping a column or a table (CASCADE, before 6.0 and 6.1), adding a
column with a key or before `db_default` (the default would not stay), every change of a column
(whole-table updates for defaults, casts), constraints over a finished index, foreign keys (built
at the end of the migration and validated), and all on engines that are told how to work
(ALGORITHM and LOCK) or whose tables Django would copy (SQLite).
"""

from __future__ import annotations

from collections.abc import Sequence

from generators.django.fields import DB_DEFAULT, is_constant
from generators.django.functions import guarded_class
from generators.django.source import as_node
from generators.django.truth import Change as Told
from generators.django.truth import Truth
from generators.django.writer import Writer
from generators.python.code import Node
from wizard.dialects.flavours import in_own_words
from wizard.model.plan import Change
from wizard.model.schema import Check
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddIndex,
    AddUnique,
    DropColumn,
    DropConstraint,
    DropIndex,
    Nothing,
    RenameColumn,
    RenameIndex,
    ValidateConstraint,
)

_POSTGRES = "django.contrib.postgres.operations"
#: The first Django with AddConstraintNotValid and ValidateConstraint.
_NOT_VALID = (4, 0)


def native(
    change: Change, changed: Sequence[Told], truth: Truth, writer: Writer, *, alone: bool
) -> list[Node] | None:
    """Return Django's operations for a change and its way back, None where it has none such."""
    capabilities = writer.dialect.capabilities
    if capabilities.online_ddl or not capabilities.add_constraint:
        return None
    if in_own_words(writer.dialect, change.step) or change.step.__class__ is Nothing:
        return None
    call = changed[0].call if len(changed) == 1 and changed[0].exact else None
    undo = tuple(one for one in change.undo if not isinstance(one, Nothing))
    match change.step, undo:
        case ValidateConstraint(table=table, constraint=constraint), () if constraint.name:
            model = truth.model(table)
            split = capabilities.not_valid and truth.version >= _NOT_VALID
            if model is None or table.schema is not None or changed or not split:
                return None
            name = truth.quotes.text(constraint.name)
            writer.imports.add(f"from {_POSTGRES} import ValidateConstraint")
            of = truth.quotes.text(model.name.lower())
            return [as_node(f"ValidateConstraint(model_name={of}, name={name})")]
        case _ if call is None:
            return None
        case AddColumn(table=table, column=column), (DropColumn(),):
            _, _, field = truth.known(table, column.name)
            plain = (
                field is not None
                and field.kind not in ("ForeignKey", "OneToOneField")
                and table.schema is None
                and not column.grants
                and column.comment is None
                and is_constant(field)
            )
            known = truth.version >= DB_DEFAULT or column.default is None
            return [call.node()] if plain and known else None
        case AddIndex(index=index) as step, () | (DropIndex(),):
            if step.table.schema is not None or index.where or step.ready or step.piecewise:
                # Django writes conditions in words of its own.
                return None
            if not call.function.endswith("AddIndex"):
                return None
            if not alone:
                return None if step.concurrently else [call.node()]
            return [
                as_node(call.text().replace("migrations.AddIndex", guarded_class(step, writer), 1))
            ]
        case DropIndex(index=index) as step, (AddIndex(),):
            if (
                step.table.schema is not None
                or index.where
                or not call.function.endswith("RemoveIndex")
            ):
                return None
            if not step.concurrently:
                return None if alone else [call.node()]
            if not capabilities.concurrent_drop:
                return None
            writer.imports.add(f"from {_POSTGRES} import RemoveIndexConcurrently")
            return [
                as_node(call.text().replace("migrations.RemoveIndex", "RemoveIndexConcurrently", 1))
            ]
        case RenameIndex(table=table), (RenameIndex(),) if table.schema is None:
            return [call.node()] if call.function.endswith("RenameIndex") else None
        case RenameColumn(table=table), (RenameColumn(),) if table.schema is None:
            return [call.node()] if call.function.endswith("RenameField") else None
        case AddCheck(table=table, constraint=Check() as check), (DropConstraint(),):
            if table.schema is not None or not _said_alike(call.text()):
                return None
            if check.validated:
                return [call.node()]
            if truth.version < _NOT_VALID:
                return None
            writer.imports.add(f"from {_POSTGRES} import AddConstraintNotValid")
            text = call.text().replace("migrations.AddConstraint", "AddConstraintNotValid", 1)
            return [as_node(text)]
        case AddUnique(table=table, using=None, constraint=unique), (DropConstraint(leaves=None),):
            plain_key = table.schema is None and not unique.nulls_not_distinct
            return [call.node()] if plain_key and call.function.endswith("AddConstraint") else None
        case _:
            return None


def _said_alike(text: str) -> bool:
    """Tell whether Django writes the condition as it was given: no negation, no lists, no joins."""
    return not any(one in text for one in ("~", "__in=", " | ", " & "))
