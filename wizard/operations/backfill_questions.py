"""What a backfill asks: columns and their values, which rows, and what becomes of the old values."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.operations.blocks import row_key
from wizard.operations.common import column_choices, expression_check, table_question
from wizard.questions import Choice, Kind, Question, Situation


def assignments_from_text(value: str) -> Mapping[str, Value]:
    """Read ``column = expression``, one a line or joined by semicolons."""
    found: dict[str, Value] = {}
    for line in value.replace(";", "\n").splitlines():
        if not line.strip():
            continue
        name, sign, expression = line.partition("=")
        if not sign or not name.strip() or not expression.strip():
            raise AnswerError(
                "bad-answer",
                f"{line.strip()!r} does not read column = expression",
                flag="--set",
            )
        found[name.strip().strip('"')] = expression.strip()
    return found


def _overwriting(situation: Situation) -> bool:
    """Tell whether a row that changes may hold a value before; as far as is known yet."""
    chosen, where = situation.values.get("set"), situation.values.get("where")
    if isinstance(chosen, str):
        try:
            chosen = assignments_from_text(chosen)
        except AnswerError:
            return False
    if not isinstance(chosen, Mapping) or not chosen:
        return False
    dialect = situation.dialect
    if dialect is None or not isinstance(where, str) or not where.strip():
        return True
    return not all(dialect.implies_null(where, name) for name in chosen)


def _keep_choices(situation: Situation) -> tuple[Choice, ...]:
    dialect, table = situation.dialect, situation.table
    disabled = ""
    if dialect is not None and not dialect.capabilities.keeps_old:
        disabled = f"not on {dialect.title} yet"
    elif table is not None and not row_key(table):
        disabled = "rows have no key by which to find them again"
    elif situation.values.get("from"):
        disabled = "not with values from another table"
    return (
        Choice(
            value="yes",
            label="kept in a table beside",
            hint="they can come back until a later file drops it",
            disabled=disabled,
        ),
        Choice(value="no", label="gone", hint="there is no way back"),
    )


QUESTIONS = (
    table_question("Table", "The table whose rows change."),
    Question(
        key="set",
        kind=Kind.ASSIGNMENTS,
        prompt="Set",
        help="Columns and the SQL expressions they are set to. An expression may use other "
        "columns of the row.",
        example="currency = 'EUR'",
        required=True,
        choices=column_choices,
    ),
    Question(
        key="where",
        kind=Kind.EXPRESSION,
        prompt="Only rows where",
        help="Which rows change. Filling only rows that hold NULL loses nothing; anything else "
        "overwrites values.",
        example="currency IS NULL",
        check=expression_check,
    ),
    Question(
        key="keep_old",
        kind=Kind.CHOICE,
        prompt="Old values",
        help="Each batch can keep the values that it overwrites in a table beside, so that the way "
        "back can put them into place again. A later file drops that table.",
        example="yes",
        required=True,
        choices=_keep_choices,
        when=_overwriting,
    ),
    Question(
        key="from",
        kind=Kind.TEXT,
        prompt="Values from",
        help="Another table whose columns the expressions use; say how rows belong together "
        "under “Only rows where”.",
        example="customers",
        advanced=True,
    ),
    Question(
        key="key",
        kind=Kind.COLUMNS,
        prompt="Walk along",
        help="The unique key along which batches walk. Left empty, the primary key.",
        example="id",
        advanced=True,
        choices=column_choices,
    ),
    Question(
        key="batch",
        kind=Kind.INTEGER,
        prompt="First batch",
        help="Rows of the first batch; after it, batches are sized to take about 0.2 s.",
        example="1000",
        advanced=True,
        default=lambda _: 1_000,
        check=lambda value, _: (
            None
            if isinstance(value, int) and 1 <= value <= 100_000
            else "a batch has 1 to 100,000 rows"
        ),
    ),
    Question(
        key="touch",
        kind=Kind.BOOLEAN,
        prompt="Touch updated_at",
        help="Let the server set the columns that it sets with each change of a row (ON UPDATE "
        "CURRENT_TIMESTAMP). Else they stay as they are.",
        example="false",
        advanced=True,
        default=lambda _: False,
        when=lambda one: (
            one.table is None or any(column.on_update is not None for column in one.table.columns)
        ),
    ),
)
