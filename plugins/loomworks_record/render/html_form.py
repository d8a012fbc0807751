"""HTML documents as bodies that can be compared: what a reader sees of them, sanitised."""

from __future__ import annotations

import re

from loomworks_record.render.sanitise import sanitise, without_invisible

_BODY = re.compile(r"<body\b[^>]*>(?P<inner>.*?)(?:</body\s*>|$)", re.IGNORECASE | re.DOTALL)
_HEAD = re.compile(r"<head\b.*?(?:</head\s*>|$)|<!doctype[^>]*>|</?html\b[^>]*>", re.IGNORECASE | re.DOTALL)
# As rendered Markdown hangs it beside the title: the number without the point after it.
_NUMBERED = re.compile(
    r"(?P<open><h[1-6][^>]*>)\s*(?P<number>§\s?[\dA-Z]+(?:\.[\dA-Z]+)*|\d+(?:\.[\dA-Z]+)*|\d+[a-z](?=\.))\.?(?=\s)"
    r"\s*[—–:.-]?\s*"
)


def body_of_html(text: str) -> str:
    """The body of a whole HTML document as a safe fragment, its headings numbered as those of rendered Markdown.
    Its own look and scripts are left out."""
    found = _BODY.search(text)
    clean = sanitise(without_invisible(found["inner"] if found else _HEAD.sub("", text)))
    return _NUMBERED.sub(r'\g<open><span class="secno">\g<number></span> ', clean)
