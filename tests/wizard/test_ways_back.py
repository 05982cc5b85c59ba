"""What is said of the way back agrees with the steps that it is read off."""

from __future__ import annotations

import pytest
from engines import VERSIONS
from shop import EXAMPLES, STOPPED, examples_for, plan_of

from wizard.dialects import dialects
from wizard.model.plan import Grade, Plan
from wizard.model.rollout import Deployment, Rollout
from wizard.model.steps import Impossible
from wizard.ways_back import closing

LARGE = Rollout(deployment=Deployment.ROLLING, rows=120_000_000, bytes=48_000_000_000)


def told(plan: Plan) -> dict[str, str]:
    assert plan.refused is None, plan.refused
    return {phase.name: phase.way_back for phase in plan.phases}


def example(kind: str, **values: object) -> Plan:
    return plan_of(kind, {**examples_for("postgresql")[kind], **values}, rollout=LARGE)


def test_a_rename_stays_open_to_the_end_and_says_in_which_order_code_and_files_go() -> None:
    plan = example("rename_column", how="sync")
    assert told(plan) == {
        "expand": "first deploy code that does without orders.status; 2 files, last first, at most "
        "ACCESS EXCLUSIVE on orders; nothing is lost",
        "backfill": "1 file, with nothing to undo; nothing is lost",
        "validate": "6 files, last first, at most ACCESS EXCLUSIVE on orders; nothing is lost",
        "contract": "5 files, last first, at most ACCESS EXCLUSIVE on orders, filling rows in "
        "batches; only then code that says orders.status_code again; nothing is lost",
    }
    assert closing(plan) == "open to the end"


def test_a_view_of_a_column_brings_the_old_name_back_in_the_same_moment() -> None:
    plan = example("rename_column", how="view")
    assert "first deploy" not in told(plan)["contract"]
    assert "only then code that says orders.status_code again" in told(plan)["contract"]
    assert told(plan)["expand"].startswith("first deploy code that does without orders.status;")


def test_a_table_under_two_names_loses_one_at_each_end_and_none_at_the_swap() -> None:
    way_back = told(example("rename_table", how="view"))
    assert way_back["expand"].startswith("first deploy code that does without purchases;")
    assert "deploy" not in way_back["switch"]
    assert "only then code" not in way_back["switch"]
    assert "only then code that says orders again" in way_back["contract"]


def test_a_change_of_type_closes_at_the_first_value_that_no_longer_fits() -> None:
    plan = plan_of(
        "change_type",
        {"table": "orders", "column": "total", "type": "numeric(14,4)", "how": "shadow"},
        rollout=LARGE,
    )
    way_back = told(plan)
    assert "nothing is lost until orders.total holds a value that" in way_back["switch"]
    assert "copes with the earlier type of orders.total" in way_back["switch"]
    # The twin is written by a trigger alone: no code has to forget it, none asks for it again.
    assert "deploy" not in way_back["expand"]
    assert "code that" not in way_back["contract"]
    assert closing(plan).startswith("open until orders.total holds a value")


def test_data_that_is_gone_is_said_at_the_phase_that_loses_it() -> None:
    plan = example("drop_column", archive="none")
    assert "not the data: " in told(plan)["contract"]
    assert closing(plan) == "closes at contract"


def test_what_is_lost_further_back_is_said_at_later_phases() -> None:
    values = {
        "table": "orders",
        "column": "token",
        "type": "uuid",
        "nullable": False,
        "default": "gen_random_uuid()",
    }
    way_back = told(plan_of("add_column", values, rollout=LARGE))
    assert "nothing is lost until token is written" in way_back["expand"]
    assert "behind expand nothing is lost until token is written" in way_back["validate"]


def test_rules_that_come_back_must_be_kept_before_they_do() -> None:
    assert told(example("drop_not_null"))["expand"].startswith(
        "first deploy code that keeps to NOT NULL of orders.customer_id;"
    )


def test_a_stopped_application_has_no_code_to_deploy_in_between() -> None:
    way_back = told(plan_of("rename_column", {**EXAMPLES["rename_column"]}, rollout=STOPPED))
    assert way_back["switch"].startswith("with the application stopped: ")
    assert "deploy" not in way_back["switch"]


@pytest.mark.parametrize("name", sorted(dialects()))
def test_every_phase_of_every_example_says_its_way_back(name: str) -> None:
    for version in VERSIONS[name]:
        for kind in examples_for(name):
            plan = plan_of(kind, rollout=LARGE, name=name, version=version)
            for phase in plan.phases:
                said = f"{name} {version} {kind} {phase.name}: {phase.way_back}"
                undo = [step for one in phase.migrations for step in one.down]
                if any(isinstance(one, Impossible) for one in undo):
                    assert phase.way_back.startswith("none: "), said
                    continue
                files = len(phase.migrations)
                assert f"{files} file" in phase.way_back, said
                worst = max(
                    (one.reversibility.grade for one in phase.migrations), key=list(Grade).index
                )
                words = {
                    Grade.LOSSLESS: "nothing is lost",
                    Grade.LOSSLESS_UNTIL: "nothing is lost until ",
                    Grade.STRUCTURE_ONLY: "not the data: ",
                    Grade.NONE: "no way back: ",
                }
                assert words[worst] in phase.way_back, said
