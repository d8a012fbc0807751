"""Anchors that authors set in HTML: ``<a id="x">``, ``<a name="x">``, ``<h2 id="x">``; and headings in HTML without
one, which GitHub gives one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from loomworks_record import lazy

_TAG = lazy.regex(r"<(?P<tag>a|h[1-6]|span|div|p|section)(?P<rest>(?:\s[^<>]*)?)>(?P<inner>[^<\n]*)", re.IGNORECASE)
_HEADING = lazy.regex(r"h[1-6]", re.IGNORECASE)
_END_OF_HEADING = lazy.regex(r"</h[1-6]\s*>", re.IGNORECASE)
_MARKUP = lazy.regex(r"<!--.*?(?:-->|\Z)|<[^<>]*>", re.DOTALL)
_NAME = lazy.regex(
    r"""\s(?P<by>id|name)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))""", re.IGNORECASE
)
_NOTHING = lazy.regex(r"(?:\s|</?(?:a|span|div|p)\b[^<>]*>|<!--.*?-->)*", re.IGNORECASE | re.DOTALL)


class SetId(NamedTuple):
    """``heading`` are the words of a heading in HTML that has the ``name``, else "". Without a name GitHub gives it
    one."""

    name: str
    heading: str = ""


def set_ids(html: str) -> Iterator[SetId]:
    """The anchors that a piece of raw HTML sets, in order."""
    for tag in _TAG.finditer(html):
        name = set_id(tag["tag"], tag["rest"])
        if name:
            yield SetId(name, unescape(tag["inner"]).strip() if tag["tag"][0] in "hH" else "")
        elif words := heading_words(tag["tag"], html, tag.start("inner")):
            yield SetId("", words)


def heading_words(tag: str, html: str, place: int) -> str:
    """The words of a heading in HTML whose ``tag`` ends at ``place``; "" for another tag, or within a comment."""
    if not _HEADING.fullmatch(tag) or html.rfind("<!--", 0, place) > html.rfind("-->", 0, place):
        return ""
    end = _END_OF_HEADING.search(html, place)
    return " ".join(unescape(_MARKUP.sub("", html[place : end.start()])).split()) if end else ""


def set_id(tag: str, attributes: str) -> str:
    """The id that the attributes of a tag set, or the name of a link; "" for none."""
    for found in _NAME.finditer(attributes):
        if found["by"].lower() == "id" or tag.lower() == "a":
            return " ".join(unescape(found["double"] or found["single"] or found["bare"] or "").split())
    return ""


def id_of(name: str) -> str:
    """The id that stands on the page for an anchor: HTML allows no blank in it."""
    return name.replace(" ", "-")


def is_empty(html: str) -> bool:
    """Whether a piece of raw HTML shows nothing."""
    return _NOTHING.fullmatch(html) is not None
