"""HTML documents as bodies that can be compared: what a reader sees of them, sanitised."""

from __future__ import annotations

import re

from loomworks_record.render.sanitise import sanitise, without_invisible

_BODY = re.compile(r"<body\b[^>]*>(?P<inner>.*?)(?:</body\s*>|$)", re.IGNORECASE | re.DOTALL)
_HEAD = re.compile(r"<head\b.*?(?:</head\s*>|$)|<!doctype[^>]*>|</?html\b[^>]*>", re.IGNORECASE | re.DOTALL)


def body_of_html(text: str) -> str:
    """The body of a whole HTML document as a safe fragment. Its own look and scripts are left out."""
    found = _BODY.search(text)
    return sanitise(without_invisible(found["inner"] if found else _HEAD.sub("", text)))
