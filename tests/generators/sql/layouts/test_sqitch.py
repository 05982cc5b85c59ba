"""sqitch: known by its plan; names, planner and folders are the project's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from generators.base import Project
from generators.sql.layout import Draft, Section, Statement
from generators.sql.layouts.sqitch import LAYOUT
from generators.sql.tree import survey
from wizard.dialects import dialect
from wizard.model.names import TableName
from wizard.model.schema import Column
from wizard.model.steps import AddColumn, Step

Write = Callable[[dict[str, str]], Path]
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
HEAD = "%syntax-version=1.0.0\n%project=shop\n%uri=https://example.org/shop\n\n"
PLAN = (
    f"{HEAD}users 2025-01-01T10:00:00Z Ann Example <ann@example.org> # users\n"
    "@v1 2025-01-02T10:00:00Z Ann Example <ann@example.org> # first\n\n"
    "add-orders [users] 2025-01-03T10:00:00Z Bob <bob@example.org> # orders\n"
    "- gone 2025-01-03T10:00:00Z Bob <bob@example.org>\n"
)


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def draft(slug: str, *, engine: str = "postgresql", namesakes: int = 0, steps: tuple[Step, ...] = ()) -> Draft:  # fmt: skip
    versions = {"postgresql": (18, 0), "mariadb": (11, 4)}
    return Draft(
        version="3",
        slug=slug,
        header=(("Plan", "x"),),
        dialect=dialect(engine, versions[engine]),
        up=Section(statements=(Statement(sql="SELECT 1"),)),
        down=Section(
            statements=(
                Statement(sql="CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW\nBEGIN\n  DO 1;\nEND"),
            )
        ),
        steps=steps,
        namesakes=namesakes,
    )  # fmt: skip


def test_a_plan_is_certain(tree: Write) -> None:
    root = tree({"db/sqitch.plan": PLAN, "sqitch.conf": "[core]\n\ttop_dir = db\n"})
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "db/deploy", "high")
    assert (project.heads, project.latest) == (("2",), "add-orders")
    assert project.evidence[0].what == "a plan of 2 changes"
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=2) == ("3", "4")
    assert LAYOUT.commands(project, ("3", "4")).revert == "sqitch revert --to @HEAD^2"


def test_other_plans_are_left_alone(tree: Write) -> None:
    assert found(tree({"x/release.plan": "project=x\n", "deploy/a.sql": "SELECT 1;\n"})) == []


def test_a_change_is_three_scripts_and_a_line_by_its_planner(tree: Write) -> None:
    root = tree(
        {"sqitch.plan": PLAN, "sqitch.conf": '[user]\n\tname = "Cy Doe"\n\temail = cy@x.org\n'}
    )
    (project,) = found(root)
    column = Column(name="email", type="text")
    step = AddColumn(table=TableName("users"), column=column)
    files = LAYOUT.write(project, draft("add_email", steps=(step,)))
    assert [one.name for one in files] == [
        "add-email.sql",
        "../revert/add-email.sql",
        "../verify/add-email.sql",
    ]
    deploy, _, verify = files
    assert deploy.content == (
        "-- Deploy shop:add-email to pg\n\n-- Plan     x\n\nBEGIN;\n\nSELECT 1;\n\nCOMMIT;\n"
    )
    assert verify.content.endswith("BEGIN;\n\nSELECT email FROM users WHERE 1 = 0;\n\nROLLBACK;\n")
    (plan,) = LAYOUT.companions(project, files, now=NOW)
    assert plan.before == PLAN
    assert plan.content == f"{PLAN}add-email 2026-11-23T10:20:30Z Cy Doe <cy@x.org> # add email\n"


def test_who_planned_last_plans_when_nobody_is_configured(tree: Write) -> None:
    (project,) = found(tree({"sqitch.plan": PLAN}))
    (plan,) = LAYOUT.companions(project, LAYOUT.write(project, draft("x")), now=NOW)
    assert plan.content.endswith("Bob <bob@example.org> # x\n")


def test_names_are_never_taken_twice(tree: Write) -> None:
    (project,) = found(tree({"sqitch.plan": PLAN}))
    names = [LAYOUT.write(project, draft("add_orders", namesakes=n))[0].name for n in (0, 1)]
    assert names == ["add-orders-v2.sql", "add-orders-v3.sql"]


def test_folders_and_endings_are_as_configured(tree: Write) -> None:
    conf = "[core]\n  deploy_dir = sql/up\n  revert_dir = sql/down\n  extension = psql\n"
    (project,) = found(tree({"sqitch.plan": HEAD, "sqitch.conf": conf}))
    assert project.directory == project.root / "sql/up"
    assert [one.name for one in LAYOUT.write(project, draft("x"))] == [
        "x.psql",
        "../down/x.psql",
        "../../verify/x.psql",
    ]


def test_the_client_of_mariadb_is_told_where_a_body_ends(tree: Write) -> None:
    (project,) = found(tree({"sqitch.plan": PLAN}))
    _, revert, _ = LAYOUT.write(project, draft("x", engine="mariadb"))
    assert revert.content.endswith(
        "\nDELIMITER //\n" + revert.down.rstrip(";\n") + "//\nDELIMITER ;\n"
    )
