"""What every finding and every error means, for ``migwiz explain``.

The texts stand in the Markdown files beside this module, by what they are about: a heading of the
second level for each code, below it a sentence, the explanation, and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType


def read(text: str) -> Mapping[str, str]:
    """Return the entries of a glossary's text by code; raises ValueError for a code used twice."""
    found: dict[str, str] = {}
    for entry in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        code, _, body = entry.partition("\n")
        if code in found:
            raise ValueError(f"two entries explain {code}")
        # The next group's heading is no part of the entry before it.
        found[code] = re.split(r"^# ", body, flags=re.MULTILINE)[0].strip()
    return MappingProxyType(found)


#: What `migwiz explain` prints, by code; the first line is one sentence.
GLOSSARY: Mapping[str, str] = read(
    "\n".join(one.read_text(encoding="utf-8") for one in sorted(Path(__file__).parent.glob("*.md")))
)
