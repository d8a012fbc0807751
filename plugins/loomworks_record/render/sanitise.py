"""What may stand on a page: rendered bodies pass nh3, then what is left is fitted into its place."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

import nh3
from pygments.token import STANDARD_TYPES

from loomworks_record import lazy
from loomworks_record.render.valid import valid
from loomworks_record.source.folding import without_invisible
from loomworks_record.text.anchors import is_of_page
from loomworks_record.text.tags import ALLOWED_TAGS

_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "title", "lang", "dir"},
    "a": {"href", "aria-label"},
    "img": {"src", "alt", "width", "height"},
    "div": {"aria-label"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "input": {"checked"},
    "blockquote": set(),
    "q": set(),
    "del": set(),
    "ins": set(),
}
_VALUES: dict[str, dict[str, set[str]]] = {
    "div": {"role": {"region"}, "tabindex": {"0"}},
    "th": {"scope": {"col", "row", "colgroup", "rowgroup"}},
    "input": {"type": {"checkbox"}},
}
_OUTCOMES = ("held", "superseded", "elsewhere", "unresolved")
_MENTION = {"m", "m-note", *(f"m--{each}" for each in _OUTCOMES), *(f"m-note--{each}" for each in _OUTCOMES)}
# Classes that our own extensions write. A document cannot dress as a part of the page.
_CLASSES: dict[str, set[str]] = {
    "a": {*_MENTION, "secno", "footnote-ref", "footnote-backref"},
    "span": {*_MENTION, *STANDARD_TYPES.values()},
    "i": {"m-note"},
    "div": {"highlight", "r-scroll", "footnote"},
    "table": {"r-table", "r-wraps", "r-apart"},
    "th": {"r-right", "r-center", "id"},
    "td": {"r-right", "r-center", "id"},
    "pre": {"r-verbatim"},
    "blockquote": {f"r-alert--{each}" for each in ("note", "tip", "important", "warning", "caution")} | {"r-alert"},
    "p": {"r-alert-title"},
    "ul": {"task-list"},
    "ol": {"task-list"},
    "li": {"task-list-item"},
}
_SCHEMES = {"http", "https", "mailto"}
_SCHEME = lazy.regex(r"(?P<scheme>[a-z][a-z0-9+.-]*):", re.IGNORECASE)
# A host and its port, with who asks for it; and what a URL may not hold after them.
_HOST = lazy.regex(
    r"(?:[^\x00-\x20/?#@\\\[\]<>\"^`{|}]*@)?"
    r"(?:\[[0-9A-Fa-f:.]{2,45}\]|[^\x00-\x20/?#@\\:\[\]<>\"^`{|}%\x7f]+)(?::(?P<port>[0-9]{0,5}))?(?=[/?#\\]|$)"
)
_NOT_IN_URLS = lazy.regex(r"[^!$&'()*+,\-./:;=?@_~%0-9A-Za-z\u00a1-\U0010fffd]|%(?![0-9A-Fa-f]{2})")
_IGNORED_IN_URLS = str.maketrans("", "", "\t\n\r")
_EDGES_OF_URLS = "".join(map(chr, range(0x21)))
# nh3 writes every attribute as name="value", with <, > and " in the value escaped: these cannot run over.
_FITTED = lazy.regex(r"<(?P<end>/?)(?P<tag>a|h[1-6]|img|input|pre|table)\b(?P<rest>[^>]*)>")
# Where there is neither an image nor HTML of others, nobody asks what stands in a link.
_FITTED_WITHOUT_IMAGES = lazy.regex(
    r"<(?P<end>/?)(?P<tag>a(?= [^>]*(?:href|src)=\"(?:https?:)?//)|h[1-6]|input|pre|table)\b(?P<rest>[^>]*)>"
)
_OUTSIDE = lazy.regex(r' (?:href|src)="(?P<url>(?:https?:)?//[^"]*)"')
_SOURCE = lazy.regex(r' src="(?P<url>[^"]*)"')
_ALT = lazy.regex(r' alt="(?P<text>[^"]*)"')
_DEEPEST = 500  # browsers nest no further; a parser looks through all that is open for each block that begins
_NESTED = lazy.regex(
    r"<(?P<end>/?)(?:address|article|aside|blockquote|center|details|dir|div|dl|fieldset|figcaption|figure|footer|"
    r"form|h[1-6]|header|listing|main|menu|nav|ol|pre|section|summary|ul)(?![^\s/>])[^<>]*>",
    re.IGNORECASE,
)
_LOOK = lazy.regex(r' (?:class|rel)="[^"]*"')


def sanitise(html: str, *, is_raw: bool) -> str:
    """A body that cannot run script, load from elsewhere, or reach out of its place on the page. ``is_raw``: it holds
    HTML that others wrote."""
    clean = without_invisible(_CLEANER.clean(_not_too_deep(html) if is_raw else html))
    if is_raw:
        clean = valid(clean)
    asks_for_links = is_raw or "<img" in clean
    return (_FITTED if asks_for_links else _FITTED_WITHOUT_IMAGES).sub(_Fitting(asks_for_links), clean)


def _not_too_deep(html: str) -> str:
    """Without the tags of blocks that stand within too many others; their words stay."""
    opened = 0

    def kept(found: re.Match[str]) -> str:
        nonlocal opened
        if found["end"]:
            opened = max(0, opened - 1)
            return "" if opened >= _DEEPEST else found.group()
        opened += 1
        return "" if opened > _DEEPEST else found.group()

    return _NESTED.sub(kept, html) if html.count("<") > _DEEPEST else html


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value that an allowed attribute keeps; None takes the attribute away."""
    if name == "id":
        return None if not value or is_of_page(value) else value
    return _as_browsers_read(value) if name in ("href", "src") else value


@lru_cache(maxsize=4096)  # both forms of a text have the same addresses, and so have its neighbours
def _as_browsers_read(url: str) -> str | None:
    r"""A URL as its parser takes it (url.spec.whatwg.org §4.4): ``\\host``, ``/\host`` and ``HTTPS:host`` lead to
    other hosts too, and line ends within a URL do not count. None for a scheme that is not allowed."""
    plain = url.strip(_EDGES_OF_URLS).translate(_IGNORED_IN_URLS)
    found = _SCHEME.match(plain)
    if found:
        scheme, rest = found["scheme"].lower(), plain[found.end() :]
        if scheme not in _SCHEMES:
            return None
        return f"mailto:{_encoded(rest)}" if scheme == "mailto" else _with_host(f"{scheme}:", rest)
    is_elsewhere = plain[:1] in "/\\" and plain[1:2] in ("/", "\\")
    return _with_host("", plain) if is_elsewhere else _encoded(plain)


def _with_host(scheme: str, rest: str) -> str | None:
    """None where no host can have that name."""
    found = _HOST.match(rest.lstrip("/\\"))
    if found is None or int(found["port"] or 0) > 65535:
        return None
    return f"{scheme}//{found.group()}{_encoded(found.string[found.end() :])}"


def _encoded(url: str) -> str:
    """What may not stand in a URL, percent-encoded (url.spec.whatwg.org §4.3), as browsers send it."""
    path, mark, fragment = url.partition("#")
    encoded = _NOT_IN_URLS.sub(lambda found: quote(found.group(), safe=""), path)
    return encoded + mark + _NOT_IN_URLS.sub(lambda found: quote(found.group(), safe=""), fragment)


_CLEANER = nh3.Cleaner(
    tags=set(ALLOWED_TAGS),
    attributes=_ATTRIBUTES,
    tag_attribute_values=_VALUES,
    attribute_filter=_attribute,
    allowed_classes=_CLASSES,
    url_schemes=_SCHEMES,
    link_rel=None,
    strip_comments=True,
    clean_content_tags={"script", "style", "template", "iframe", "object", "noscript", "svg", "math"},
)


@dataclass(slots=True)
class _Fitting:
    """Fits the tags of one sanitised body, in order: links to outside are marked, images from elsewhere offered,
    tables and code can be scrolled by keyboard, and headings follow the page's title level by level."""

    asks_for_links: bool
    level: int = 1  # of the heading before
    in_links: int = 0
    in_tables: int = 0
    regions: int = 0
    own_region: bool = False

    def __call__(self, found: re.Match[str]) -> str:
        tag = found["tag"]
        if tag[0] == "h":
            return self._heading(int(tag[1]), found["rest"], bool(found["end"]))
        fit = getattr(self, f"_{tag}")
        return str(fit(found["rest"], bool(found["end"]), found.group()))

    def _a(self, rest: str, end: bool, tag: str) -> str:
        self.in_links += self.asks_for_links * (-1 if end else 1)
        if end or not _OUTSIDE.search(rest):
            return tag
        return f'<a class="r-out" rel="noopener noreferrer"{_LOOK.sub("", rest)}>'

    def _heading(self, level: int, rest: str, end: bool) -> str:
        """No heading skips a level below the one before it (html.spec.whatwg.org §4.3.11). It looks as it was filed."""
        if end:
            return f"</h{self.level}>"
        filed = max(level, 2)
        self.level = min(filed, self.level + 1)
        return f"<h{self.level}{rest}>" if filed == self.level else f'<h{self.level}{rest} data-level="{filed}">'

    def _img(self, rest: str, end: bool, tag: str) -> str:
        """An image from elsewhere is offered, not fetched: no request leaves the site."""
        source, alt = _SOURCE.search(rest), _ALT.search(rest)
        if source is None or not source["url"]:
            return alt["text"] if alt else ""
        name = (alt["text"] if alt else "") or posixpath.basename(source["url"].rstrip("/"))
        if not _OUTSIDE.search(rest):
            return tag if alt else f'<img{rest} alt="{name}">'
        offered = f"Image elsewhere: {name}"
        if self.in_links:
            return offered
        return f'<a class="r-out" rel="noopener noreferrer" href="{source["url"]}">{offered}</a>'

    def _input(self, rest: str, end: bool, tag: str) -> str:
        """Task lists only, and never to be operated."""
        if ' type="checkbox"' not in rest:
            return ""
        checked = " checked" if " checked" in rest else ""
        return f'<input type="checkbox" disabled{checked} aria-label="{"done" if checked else "not done"}">'

    def _pre(self, rest: str, end: bool, tag: str) -> str:
        return tag if end or self.in_links else f'<pre tabindex="0"{rest}>'

    def _table(self, rest: str, end: bool, tag: str) -> str:
        """A table that a document wrote as HTML gets the region that those written in Markdown have."""
        self.in_tables += -1 if end else 1
        if end:
            closes = self.own_region and self.in_tables == 0
            self.own_region = self.own_region and not closes
            return f"{tag}</div>" if closes else tag
        if self.in_tables > 1 or self.in_links or "r-table" in rest:
            return tag
        self.own_region, self.regions = True, self.regions + 1
        return f'<div class="r-scroll" role="region" tabindex="0" aria-label="HTML table {self.regions}">{tag}'
