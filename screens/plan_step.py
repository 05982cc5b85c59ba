"""Step 6: the plan, as a line in time that can be read aloud."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from screens.step import Step
from screens.widgets.notice import Notice
from screens.widgets.timeline import Timeline
from screens.words import MUTED, findings_text, lines, plural
from wizard.flow import WizardStep
from wizard.handover_text import headline, script
from wizard.model.errors import MigwizError
from wizard.model.findings import Severity
from wizard.model.handover import shell
from wizard.model.plan import Plan, Preflight
from wizard.session import Session

Locks = dict[str, tuple[str, str]]

PARTS = "#plan-preflight, #plan-handovers, #plan-findings, #plan-naive, #plan-snippets"


def read_locks(session: Session) -> tuple[Locks, str]:
    """Return the locks of each file in words, up and down, and those of a one-line migration."""
    plan = session.plan()
    return {one.slug: session.locks(one) for one in plan.migrations}, session.naive_lock(plan)


def read_preflight(session: Session) -> tuple[tuple[Preflight, bool], ...]:
    """Ask the data whether a step would fail on it. Reads the database."""
    return session.preflight(session.plan())


class PlanStep(Step):
    """Timeline, findings, the one-line migration beside it, and what the data says."""

    step: ClassVar[WizardStep] = WizardStep.PLAN

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        with VerticalScroll(id="plan-scroll"):
            yield Static(classes="question", markup=False)
            yield Static(id="plan-grade", markup=False)
            yield Notice()
            yield Timeline()
            yield Static(id="plan-preflight", markup=False)
            yield Static(id="plan-handovers", markup=False)
            yield Static(id="plan-findings", markup=False)
            yield Static(id="plan-naive", markup=False)
            yield Static(id="plan-snippets", markup=False)

    async def enter(self) -> None:
        """Make the plan and show it."""
        await self.wizard.replan()
        await self._show()

    async def _show(self) -> None:
        state, plan = self.state, self.state.plan
        notice = self.query_one(Notice)
        notice.show(state.plan_error or state.database_error, retry=state.plan_error is None)
        timeline = self.query_one(Timeline)
        texts = self.query(PARTS)
        timeline.display = plan is not None and bool(plan.phases)
        if plan is None:
            for one in texts.results(Static):
                one.update("")
                one.display = False
            return
        self.query_one(".question", Static).update(Content(plan.title))
        grade = self.query_one("#plan-grade", Static)
        grade.update(grade_text(plan))
        grade.display = bool(plan.phases)
        locks: Locks = {}
        naive, told = "", plan
        try:
            locks, naive = await self.wizard.ask(read_locks)
            told = await self.wizard.ask(lambda session: session.told(plan))
        except MigwizError as error:
            notice.show(error, retry=True)
        room = self.query_one("#plan-scroll").size.width or self.app.size.width
        await timeline.show(plan, locks, wide=room)
        for name, text in (
            ("handovers", handovers_text(plan)),
            ("findings", _findings(plan)),
            ("naive", naive_text(plan, naive)),
            ("snippets", snippets_text(told)),
        ):
            part = self.query_one(f"#plan-{name}", Static)
            part.update(text)
            part.display = bool(text)
        await self._ask_data(plan)

    async def _ask_data(self, plan: Plan) -> None:
        target = self.query_one("#plan-preflight", Static)
        target.display = bool(plan.preflights)
        if not plan.preflights:
            target.update("")
            return
        database = self.state.database
        if database is None or not database.live:
            target.update(preflight_text([(one, None) for one in plan.preflights]))
            return
        target.update(Content.styled("asking the data …", MUTED))
        try:
            found = await self.wizard.ask(read_preflight)
        except MigwizError as error:
            target.update(
                lines(
                    [
                        Content.assemble(("! not asked  ", "$text-warning"), error.message),
                        preflight_text([(one, None) for one in plan.preflights]),
                    ]
                )
            )
            return
        target.update(preflight_text(list(found)))

    @property
    def commands(self) -> str:
        """The hand-overs as text for the clipboard, empty without any."""
        plan = self.state.plan
        return "\n".join(script(one) for one in plan.handovers) if plan is not None else ""

    def focus_first(self) -> None:
        """Put the cursor where the arrows scroll."""
        self.query_one("#plan-scroll").focus()

    def explain(self) -> tuple[str, Content]:
        """Explain the words of the plan."""
        return "How to read this", lines(
            [
                "Each phase is run between two deploys. A gate says what must be true before.",
                "",
                "up and down say what the file holds while it runs, and the way back too: the "
                "downgrade is often the more dangerous half.",
                "",
                "Hand-over: a tool copies a large table beside the application, which the file "
                "would do under a lock. y copies its command lines with all that belongs to them.",
                "",
                "Only the phase that is safe now is written. The rest waits in the plan file "
                "until its gate holds: migwiz next.",
            ]
        )

    async def leave(self) -> bool:
        """Go on unless the change was refused or takes no file."""
        plan = self.state.plan
        if plan is None:
            return False
        if plan.refused is not None:
            self.wizard.hint("migwiz refuses this plan; what to do instead stands on this page")
            return False
        if not plan.phases:
            self.wizard.hint("this way needs no migration; there is no file to show")
            return False
        return True

    @on(Notice.Retry)
    def _retry(self, event: Notice.Retry) -> None:
        event.stop()
        self.wizard.gathering.connect_again()


def grade_text(plan: Plan) -> Content:
    """Say how many files and phases there are, and how good the way back is."""
    if not plan.phases:
        return Content("")
    way = plan.reversibility
    style = "$text-warning" if way.needs_acknowledgement else "$text-success"
    sign = "!" if way.needs_acknowledgement else "✓"
    return Content.assemble(
        f"{plural(len(plan.migrations), 'file')} · {plural(len(plan.phases), 'phase')} · way back: ",
        (f"{sign} {way}", style),
    )


def _findings(plan: Plan) -> Content:
    if plan.refused is not None:
        return lines(
            [
                Content.styled("✗ refused", "bold $text-error"),
                findings_text((plan.refused,)),
            ]
        )
    grave = [one for one in plan.findings if one.severity is not Severity.INFO]
    rest = [one for one in plan.findings if one.severity is Severity.INFO]
    parts = [findings_text(each) for each in (grave, rest) if each]
    return Content("\n\n").join(parts)


def handovers_text(plan: Plan) -> Content:
    """Show what a tool should do in place of a file: the real run, why, and what comes after it."""
    found: list[Content] = []
    for one in plan.handovers:
        found.append(Content.assemble(("Hand-over  ", "bold"), (headline(one), "$text-warning")))
        found.append(Content.styled(one.reason, MUTED))
        best = one.best
        if best is None or best.command is None:
            found += [Content(f"{each.label}: {each.refusal}") for each in one.offers]
            continue
        found += [
            *(
                Content.styled(f"    {line}", "$text-primary")
                for line in shell(best.command.execute).splitlines()
            ),
            Content.assemble(("then  ", "$text-success"), one.instead),
            Content.styled(
                "y copies it with the dry run, pause, way back and what to mind.", MUTED
            ),
        ]
    return lines(found)


def naive_text(plan: Plan, lock: str) -> Content:
    """Say what a one-line migration would do."""
    if plan.naive is None:
        return Content("")
    return Content.assemble(
        ("In one line instead  ", MUTED),
        f"{lock}: " if lock else "",
        f"{plan.naive.effect}.",
    )


def preflight_text(found: list[tuple[Preflight, bool]] | list[tuple[Preflight, None]]) -> Content:
    """Say what the data answered; None for a question that was not asked."""
    rows = []
    for one, problem in found:
        if problem is None:
            rows.append(Content.assemble(("· to ask  ", MUTED), one.query))
        elif problem:
            rows.append(
                Content.assemble(
                    ("✗ blocks  ", "bold $text-error"), one.problem, f"\n  {one.query}"
                )
            )
        else:
            rows.append(Content.assemble(("✓ asked  ", "$text-success"), f"no row: {one.query}"))
    return lines([Content.styled("What the data says", "bold"), *rows])


def snippets_text(plan: Plan) -> Content:
    """Show what changes in the application's code."""
    if not plan.snippets:
        return Content("")
    rows: list[Content] = [Content.styled("In your code", "bold")]
    for one in plan.snippets:
        rows.append(Content.assemble((f"{one.title} ", "$text-primary"), (f"({one.phase})", MUTED)))
        rows.append(
            Content(
                "\n".join(f"    {line}" for line in one.text.replace("   # ", "\n# ").splitlines())
            )
        )
    return lines(rows)
