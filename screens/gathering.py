"""Gathering what the wizard starts from: the draft, the projects, the database; and again on wish."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from screens.modals import Confirm
from screens.state import read_database, read_project, read_projects, read_sources, read_waiting
from wizard.flow import STEPS, WizardStep
from wizard.model.answers import Value
from wizard.model.errors import MigwizError

if TYPE_CHECKING:
    from screens.wizard import WizardScreen

_DATABASE = (
    "database.url",
    "database.schema",
    "database.dialect",
    "database.server_version",
    "database.flavour",
)


class Gathering:
    """Reads into the state of the wizard's screen, and paints what it found."""

    def __init__(self, screen: WizardScreen) -> None:
        self._screen = screen
        self._root_read = screen.state.answers.text("project.root")
        self._opened: tuple[Value, ...] | None = None

    async def look_around(self) -> None:
        """Offer the draft, find the project, open the database, and point at what is missing."""
        state = self._screen.state
        await self._offer_draft()
        await self.read_project()
        await self.connected()
        if not self._screen.moved and state.answers.operations:
            await self._screen.current.enter()
        self._attend()

    def _attend(self) -> None:
        """Point at what was not found; go there only when nobody has begun to answer."""
        state = self._screen.state
        target = None
        if state.database is None and state.database_error is not None:
            target = WizardStep.CONNECT
        if state.project is None:
            target = WizardStep.PROJECT
        if target is not None and not self._screen.moved and not state.dirty:
            self._screen.background(partial(self._screen.go, target), "flow")
        else:
            self._screen.paint_frame()

    async def _offer_draft(self) -> None:
        if self._screen.state.answers.operations:
            return
        from wizard.drafts import forget_draft, load_draft

        root = self._screen.state.session.environment.root
        draft = await self._screen.ask(lambda _: load_draft(root))
        if draft is None:
            return
        kept = draft.answers.operations[0]
        found = next((one for one in self._screen.operations if one.kind == kept.kind), None)
        if found is None:
            return
        text = Content(f"There is a draft from before:\n{found.summary(kept.values)}")
        confirm = Confirm("Go on where you left?", text, no="Go on", yes="Begin anew")
        if await self._screen.app.push_screen_wait(confirm):
            forget_draft(root)
            return
        self._screen.state.answers = draft.answers
        self._screen.state.reached = STEPS.index(WizardStep.ROLLOUT)
        self._root_read = draft.answers.text("project.root")

    async def read_project(self) -> None:
        """Find the projects, the places of database URLs and the plans that wait."""
        state = self._screen.state
        state.project, state.project_error = None, None
        try:
            state.projects = await self._screen.ask(read_projects)
            state.sources = await self._screen.ask(read_sources)
            state.waiting = await self._screen.ask(read_waiting)
        except MigwizError as error:
            state.project_error = error
        try:
            state.project = await self._screen.ask(read_project)
        except MigwizError as error:
            state.project_error = error
        state.projects = state.projects or ()
        self._screen.current.paint()
        self._screen.paint_frame()

    async def connected(self) -> bool:
        """Open the database unless it is open; False when it does not answer."""
        state = self._screen.state
        wanted = tuple(state.answers.get(key) for key in _DATABASE)
        if state.database is not None and self._opened == wanted:
            return True
        if state.project is None and state.projects is None:
            return True  # still looking around; the database comes after the project
        state.connecting, state.database_error, state.database = True, None, None
        state.situation = state.plan = None
        self._screen.current.paint()
        self._screen.paint_frame()
        try:
            state.database = await self._screen.ask(read_database)
            self._opened = wanted
        except MigwizError as error:
            state.database_error = error
        finally:
            state.connecting = False
        self._screen.current.paint()
        self._screen.paint_frame()
        return state.database is not None

    async def root_changed(self) -> bool:
        """Look around in another folder when one was named; True when that was to be done."""
        root = self._screen.state.answers.text("project.root")
        if root == self._root_read:
            return False
        self._root_read = root
        await self._screen.ask(lambda one: one.forget())
        self._opened, self._screen.state.database = None, None
        await self.read_project()
        await self.connected()
        return self._screen.state.project is None

    def look_again(self) -> None:
        """Look for projects again, for instance after one was set up."""
        self._root_read = "\0"
        self._screen.background(self.root_changed, "look-around")

    def connect_again(self) -> None:
        """Open the database anew and show the step again."""

        async def again() -> None:
            await self._screen.ask(lambda one: one.disconnect())
            self._opened, self._screen.state.database = None, None
            if await self.connected() and self._screen.state.step is not WizardStep.CONNECT:
                await self._screen.current.enter()
                self._screen.current.focus_first()

        self._screen.background(again, "flow")
