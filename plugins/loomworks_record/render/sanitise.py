"""What may stand on a page: rendered bodies pass nh3, then links to outside are marked."""

from __future__ import annotations

import re

import nh3
from pygments.token import STANDARD_TYPES

_GLOBAL = {"id", "title", "lang", "dir"}
_TAGS = nh3.ALLOWED_TAGS - {"style", "script", "map", "area", "bdo"} | {
    "section", "figure", "figcaption", "details", "summary", "mark", "input", "label",
}  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {
    "*": _GLOBAL,
    "a": {"href", "aria-label", "rel"},
    "img": {"src", "alt", "width", "height"},
    "div": {"role", "tabindex", "aria-label"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "input": {"type", "checked", "disabled"},
    "time": {"datetime"},
    "blockquote": set(),
    "q": set(),
    "del": set(),
    "ins": set(),
}
_OUTCOMES = ("held", "superseded", "elsewhere", "unresolved")
_MENTION = {"m", "m-note", *(f"m--{each}" for each in _OUTCOMES), *(f"m-note--{each}" for each in _OUTCOMES)}
# Classes that our own extensions write. A document cannot dress as a part of the page.
_CLASSES: dict[str, set[str]] = {
    "a": {*_MENTION, "secno", "footnote-ref", "footnote-backref"},
    "span": {*_MENTION, *STANDARD_TYPES.values()},
    "div": {"highlight", "r-scroll", "footnote"},
    "table": {"r-table"},
    "th": {"r-right", "r-center", "id"},
    "td": {"r-right", "r-center", "id"},
    "pre": {"r-verbatim"},
    "ul": {"task-list"},
    "li": {"task-list-item"},
}
_SCHEMES = {"http", "https", "mailto"}
_RESERVED_ID = re.compile(r' id="(?:r-[^"]*)?"')  # ids that begin with r- are the page's own
_OUTSIDE = re.compile(r'<a (?P<rest>[^>]*href="(?:https?:)?//[^>]*)>')
_OUTSIDE_IMAGE = re.compile(r'<img [^>]*src="(?P<src>(?:https?:)?//[^"]*)"[^>]*>')
_ALT = re.compile(r'alt="([^"]*)"')
_CODE = re.compile(r'(<div class="highlight">)<pre>')
_BOX = re.compile(r"<input(?P<rest>[^>]*)>")
# Characters that turn the direction of text or hide in it (Unicode TR36): made visible, never obeyed.
_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u00ad]")


def sanitise(html: str) -> str:
    """A body that cannot run script, load from elsewhere, or reach out of its place on the page."""
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel=None,
        strip_comments=True,
        clean_content_tags={"script", "style", "template", "iframe", "object", "noscript", "svg", "math"},
    )
    clean = _RESERVED_ID.sub("", clean)
    clean = _OUTSIDE_IMAGE.sub(_image_as_link, clean)
    clean = _OUTSIDE.sub(_marked, clean)
    clean = _BOX.sub(_checkbox, clean)
    return _CODE.sub(r'\1<pre tabindex="0">', clean)


def without_invisible(text: str) -> str:
    """Direction overrides and zero-width characters as visible signs: a name may not read as another."""
    return _INVISIBLE.sub(lambda found: f"⟦U+{ord(found.group()):04X}⟧", text)


def _marked(found: re.Match[str]) -> str:
    rest = re.sub(r' ?(?:rel|class)="[^"]*"', "", found["rest"]).strip()
    return f'<a class="r-out" rel="noopener noreferrer" {rest}>'


def _image_as_link(found: re.Match[str]) -> str:
    """An image from elsewhere is offered, not fetched: no request leaves the site."""
    alt = _ALT.search(found.group())
    return f'<a href="{found["src"]}">Image elsewhere: {alt[1] if alt and alt[1] else found["src"]}</a>'


def _checkbox(found: re.Match[str]) -> str:
    """Task lists only, and never to be operated."""
    if 'type="checkbox"' not in found["rest"]:
        return ""
    checked = " checked" if "checked" in found["rest"] else ""
    label = "done" if checked else "not done"
    return f'<input type="checkbox" disabled{checked} aria-label="{label}">'
