"""How an app's newest migrations are written: quotes, width, the marks of add-ons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from generators.django.history import migration_files, number_of, read_source
from generators.python.style import infer_style

_FILES = 5
#: The mark of a django-safemigrate before 5, which is no call.
_SAFE = re.compile(r"^\s+safe = Safe\.\w+\s*$", re.MULTILINE)


def habits(options: Mapping[str, str], folder: Path, root: Path) -> dict[str, str]:
    """Return ``quote``, ``width``, ``safe``, ``safe_call`` and ``timeouts`` as files show them.

    Without any file all is as Django's own command and a formatter would leave it.
    """
    names = sorted(migration_files(folder), key=lambda one: (number_of(one), one))[-_FILES:]
    texts = [text for name in names if (text := read_source(folder / name)) is not None]
    found = infer_style(texts, root, folder)
    if options.get("timeouts"):
        found["timeouts"] = options["timeouts"]
    if options.get("safe") or any("django_safemigrate" in one for one in texts):
        found["safe"] = "yes"
        found["safe_call"] = "" if any(_SAFE.search(one) for one in texts) else "()"
    return found
