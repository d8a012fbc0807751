"""Anchors: the address that a section gets from its number, its identifier or its title; the one that GitHub would
give it, so that links that were written for GitHub lead here too; and those that authors set in HTML
(``<a id="x">``, ``<a name="x">``, ``<h2 id="x">``)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple

from loomworks_record import lazy
from loomworks_record.source.folding import fold

_PAGES_OWN = re.compile(r"r-[a-z]")  # ids of the page around a text begin so
_LONGEST = 80
_NO_LETTERS = re.compile(r"[^\w]+")
_NOT_ON_GITHUB = re.compile(r"[^a-z0-9_\- ]")  # of ASCII
_KEPT_ON_GITHUB = frozenset({"Nd", "Nl", "Pc"})
# Letters to look at though their category is "other symbol": circled and squared ones (Unicode's Other_Alphabetic).
_OTHER_LETTERS = re.compile("[\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]")


def title_anchor(title: str) -> str:
    """The anchor of a heading that has only its words: "Scope & limits" → "scope-limits"."""
    letters = title.lower()
    if not title.isascii():
        plain = unicodedata.normalize("NFKD", fold(title))
        letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return _NO_LETTERS.sub("-", letters).replace("_", "-").strip("-")[:_LONGEST].strip("-") or "section"


def github_anchor(heading: str) -> str:
    """What GitHub makes of the words of a heading: "Scope & limits" → "scope--limits".

    Lower case, without anything but letters, marks, digits, ``_`` and ``-``; every blank becomes a hyphen. As
    github-slugger 2.0.0 does it, which follows GitHub's own filter.
    """
    lower = heading.lower()
    if lower.isascii():
        return _NOT_ON_GITHUB.sub("", lower).replace(" ", "-")
    return "".join(filter(_is_kept, lower)).replace(" ", "-")


def _is_kept(sign: str) -> bool:
    if sign in "-_ ":
        return True
    category = unicodedata.category(sign)
    return category[0] in "LM" or category in _KEPT_ON_GITHUB or _OTHER_LETTERS.match(sign) is not None


class GithubAnchors:
    """Those of the headings of one text, in order: of equal ones, the second ends in -1."""

    def __init__(self, headings: Iterable[str] = ()) -> None:
        self._counts: dict[str, int] = {}
        for heading in headings:
            self.next(heading)

    def next(self, heading: str) -> str:
        first = found = github_anchor(heading)
        while found in self._counts:
            self._counts[first] += 1
            found = f"{first}-{self._counts[first]}"
        self._counts[found] = 0
        return found


class FreeAnchors:
    """Anchors of one page, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}  # how far was counted for an anchor: what was taken stays taken

    def take(self, anchor: str) -> str:
        """``anchor``, or what stands for it where it is taken."""
        # An underscore, which no anchor of ours has otherwise: a second §7 must not become §7.2.
        if is_of_page(anchor):
            anchor = anchor.replace("-", "_", 1)
        free, count = anchor, self._counts.get(anchor, 1)
        while free in self._taken:
            count += 1
            free = f"{anchor}_{count}"
        self._counts[anchor] = count
        self._taken.add(free)
        return free

    def take_alias(self, alias: str) -> bool:
        """Whether ``alias`` may stand on the page beside the anchors of the sections."""
        if not alias or alias in self._taken or is_of_page(alias):
            return False
        self._taken.add(alias)
        return True


def is_of_page(name: str) -> bool:
    """Whether it may be an id of the page around a text: "r-cite". No id of a text is."""
    return name.startswith("r-") and _PAGES_OWN.match(name) is not None


def is_id(name: str) -> bool:
    """Whether HTML allows it for an id: no white space (html.spec.whatwg.org §3.2.6)."""
    return not re.search(r"\s", name)


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
