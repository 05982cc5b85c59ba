"""What every control of a form says to the form: that it was edited, and that Enter was pressed."""

from __future__ import annotations

from textual.message import Message
from textual.widget import Widget


class Edited(Message):
    """The text of a control changed."""

    def __init__(self, sender: Widget, text: str) -> None:
        super().__init__()
        self.widget = sender
        self.text = text

    @property
    def control(self) -> Widget:
        """The control that was edited."""
        return self.widget


class Entered(Message):
    """Enter was pressed in a control, or an entry picked: the user is done with it."""

    def __init__(self, sender: Widget, value: str = "") -> None:
        super().__init__()
        self.widget = sender
        self.value = value

    @property
    def control(self) -> Widget:
        """The control that was left."""
        return self.widget
