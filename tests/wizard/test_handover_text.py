from __future__ import annotations

from wizard.handover_text import headline, rows, script
from wizard.model.handover import Command, Handover, Offer
from wizard.model.names import TableName

COMMAND = Command(
    tool="a",
    dry_run=("a", "--alter=x 'y'", "--try"),
    execute=("a", "--alter=x 'y'", "--run"),
    revert="Run it again.",
    revert_words=("a", "--back"),
    pause="Press p.",
    abort="Press q.",
    before=("There is room.",),
    watch=("It talks.",),
    after=("Tidy up.",),
    warnings=("It bites.",),
)
HANDOVER = Handover(
    table=TableName("orders"),
    title="widen orders.total",
    migrations=("widen",),
    reason="It is the best.",
    offers=(
        Offer(tool="a", label="A", command=COMMAND),
        Offer(tool="b", label="B", command=COMMAND),
        Offer(tool="c", label="C", refusal="It cannot."),
    ),
    instead="Mark the file.",
    fill_in=("HOST stands for it.",),
)


def test_rows_stand_in_the_order_of_the_work() -> None:
    assert headline(HANDOVER) == "Let A widen orders.total"
    labels = [row.label for row in rows(HANDOVER)]
    assert labels == [
        *("why", "fill", "first", "mind", "try", "run", "watch", "pause", "stop", "mark"),
        *("after", "back", "back", "or", "not"),
    ]
    assert [row.text for row in rows(HANDOVER) if row.command] == [
        "a \\\n  --alter='x '\"'\"'y'\"'\"'' \\\n  --try",
        "a \\\n  --alter='x '\"'\"'y'\"'\"'' \\\n  --run",
        "a \\\n  --back",
    ]


def test_a_tool_without_a_dry_run_and_a_way_back() -> None:
    bare = Command(
        tool="a",
        dry_run=None,
        execute=("a",),
        revert="None.",
        revert_words=(),
        pause="No.",
        abort="No.",
    )
    only = Handover(
        table=TableName("orders"),
        title="t",
        migrations=("t",),
        reason="r",
        offers=(Offer(tool="a", label="A", command=bare),),
        instead="i",
    )
    assert [row.label for row in rows(only) if row.command] == ["run"]


def test_where_no_tool_can_there_is_only_why() -> None:
    none = Handover(
        table=TableName("orders"),
        title="widen it",
        migrations=("widen",),
        reason="None can.",
        offers=(Offer(tool="c", label="C", refusal="It cannot."),),
        instead="",
    )
    assert headline(none) == "No tool can widen it"
    assert [(row.label, row.text) for row in rows(none)] == [
        ("why", "None can."),
        ("not", "C: It cannot."),
    ]


def test_pasting_the_text_into_a_terminal_runs_nothing() -> None:
    lines = script(HANDOVER).splitlines()
    assert all(line.startswith("#") for line in lines)
    assert "#   a \\" in lines
    assert "#     --run" in lines
