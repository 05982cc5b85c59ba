"""Taking passwords out of text before anybody sees it."""

from __future__ import annotations

import re

_IN_URL = re.compile(r"(?P<head>[a-z][a-z0-9+.-]*://[^\s:/@]*:)(?P<secret>[^\s]*)(?=@)", re.I)
_NAMED = re.compile(
    r"(?P<head>\b(?:sslpassword|password|passwd|pwd)\s*=\s*)(?P<secret>[^\s&;]+)", re.I
)


def redact(text: str) -> str:
    """Return the text with every password of a URL or a key=value pair replaced by ``***``."""
    return _NAMED.sub(r"\g<head>***", _IN_URL.sub(r"\g<head>***", text))
