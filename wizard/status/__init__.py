"""Where every plan stands: its files, what is applied, which gates hold, and what to do next."""

from wizard.status.document import status_document
from wizard.status.plans import standings
from wizard.status.text import Paint, plain, status_text

__all__ = ["Paint", "plain", "standings", "status_document", "status_text"]
