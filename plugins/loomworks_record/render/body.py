"""A tree to safe HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import starmap
from xml.etree.ElementTree import Element

from loomworks_record import lazy
from loomworks_record.render.code import code_html
from loomworks_record.render.marking import ADDED, AROUND
from loomworks_record.render.sanitise import sanitise
from loomworks_record.render.tables import cell_words, table_look
from loomworks_record.render.valid import valid
from loomworks_record.source.folding import has_invisible
from loomworks_record.text.anchors import heading_words, id_of, set_id
from loomworks_record.text.parse import parse
from loomworks_record.text.tags import BLOCKS_OF_TEXT
from loomworks_record.text.tree import RAW, Tree

_VOID = frozenset({"br", "hr", "img", "input"})
_HOLDERS = frozenset({"blockquote", "div", "ol", "table", "tbody", "thead", "tr", "ul"})  # of blocks alone
_ENDS_LINE = _HOLDERS | {"h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p", "td", "th"}
_AFTER_START = dict.fromkeys(_HOLDERS, "\n")
_END = {tag: ("" if tag in _VOID else f"</{tag}>") + ("\n" if tag in _ENDS_LINE else "") for tag in _ENDS_LINE | _VOID}
# Around what marking added, in the written text.
_BEGINS, _ENDS = "\uf8f6", "\uf8f7"
_CUT = lazy.regex(f"{_BEGINS}[^{_ENDS}]*{_ENDS}")
_START_TAG = lazy.regex(r"<(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<rest>[^<>]*)>")
_BLOCK_OF_TEXT = lazy.regex(rf"<(/?)(?:{'|'.join(sorted(BLOCKS_OF_TEXT))})(?=[\s/>])", re.IGNORECASE)
# Raw HTML keeps neither class nor id: it may not look like, or stand in for, a part of the page.
_OWN_LOOK = lazy.regex(r"""\s(?:class|id|name)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)


def body_html(root: Element) -> str:
    """The HTML of what stands below ``root``, as it may stand on a page."""
    return body_forms(root)[0]


def body_forms(root: Element) -> tuple[str, str]:
    """The same without what marking added, and with it; the same string twice where it added nothing."""
    out: list[str] = []
    _write_inside(root, out)
    is_raw = next(root.iter(RAW), None) is not None
    if _BEGINS not in out:
        html = sanitise("".join(out).strip(), is_raw=is_raw)
        return html, html
    linked = "".join([part for part in out if part is not _BEGINS and part is not _ENDS])
    if not is_raw and _may_be_cut(root, linked):
        both = sanitise("".join(out).strip(), is_raw=False)
        return _CUT.sub("", both), both.replace(_BEGINS, "").replace(_ENDS, "")
    return sanitise("".join(_unmarked(out)).strip(), is_raw=is_raw), sanitise(linked.strip(), is_raw=is_raw)


def _may_be_cut(root: Element, html: str) -> bool:
    """Whether what was added can be cut out of the sanitised text: where none of its tags are closed for it, where no
    image has lost its place in a link, and where the signs around what was added are nothing else."""
    has_images = next(root.iter("img"), None) is not None
    return not has_images and _BEGINS not in html and _ENDS not in html and not has_invisible(html)


def _unmarked(out: list[str]) -> Iterator[str]:
    added = False
    for part in out:
        if part is _BEGINS or part is _ENDS:
            added = part is _BEGINS
        elif not added:
            yield part


def inline_forms(root: Element) -> tuple[str, str]:
    """The same two of one line: the paragraph around it is taken off, and other blocks are."""
    plain, linked = body_forms(root)
    return _inner(plain), _inner(linked)


def _inner(rendered: str) -> str:
    inner = re.fullmatch(r"<p>(.*)</p>", rendered, re.DOTALL)
    return inner[1] if inner and "<p" not in inner[1] else valid(rendered, in_line=True)


def render_body(text: str) -> str:
    """A Markdown text by itself: without anchors, its references as they were filed."""
    tree = parse(text)
    label_tables(tree)
    return body_html(tree.root)


def label_tables(tree: Tree) -> None:
    """Number the tables and name them by the heads of their columns: each is a region that scrolls. Their cells decide
    how they are set on a narrow page."""
    for number, table in enumerate(tree.root.iter("table"), 1):
        said = ", ".join(filter(None, (cell_words(cell) for cell in table.iter("th"))))[:80]
        table.set("aria-label", f"Table {number}: {said}" if said else f"Table {number}")
        table.set("class", table_look(table))


def _write_inside(element: Element, out: list[str]) -> None:
    if element.text:
        out.append(_escaped(element.text))
    for child in element:
        _write(child, out)
        if child.tail:
            out.append(_escaped(child.tail))


def _write(element: Element, out: list[str]) -> None:
    tag = element.tag
    if tag == RAW:
        ids, headings = (element.get(name, "").split("\n") for name in ("ids", "headings"))
        out.append(_without_look(element.text or "", ids, headings))
    elif tag == "pre":
        out.append(f'<div class="highlight"><pre><code>{code_html(element.text or "", element.get("lang", ""))}')
        out.append("</code></pre></div>\n")
    elif tag == "table":
        label = html.escape(element.get("aria-label", ""))
        region = f'<div class="r-scroll" role="region" tabindex="0" aria-label="{label}">'
        out.append(f'{region}<table class="{element.get("class", "r-table")}">\n')
        _write_inside(element, out)
        out.append("</table></div>\n")
    elif element.attrib:
        added = element.get(ADDED)
        if added:
            out.append(_BEGINS)
        out.append(f"<{tag}{''.join(starmap(_attribute, element.items()))}>{_AFTER_START.get(tag, '')}")
        if added == AROUND:
            out.append(_ENDS)
        _write_inside(element, out)
        if added == AROUND:
            out.append(_BEGINS)
        out.append(_END.get(tag, f"</{tag}>"))
        if added:
            out.append(_ENDS)
    elif len(element):
        out.append(f"<{tag}>{_AFTER_START.get(tag, '')}")
        _write_inside(element, out)
        out.append(_END.get(tag, f"</{tag}>"))
    else:  # most of all elements: words, and nothing else
        out.append(f"<{tag}>{_AFTER_START.get(tag, '')}{_escaped(element.text or '')}{_END.get(tag, f'</{tag}>')}")


@lru_cache(maxsize=4096)
def _attribute(name: str, value: str) -> str:
    return "" if name == ADDED else f' {name}="{html.escape(value)}"'


def _escaped(text: str) -> str:
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;") if ">" in text else text


def _without_look(markup: str, ids: list[str], headings: list[str]) -> str:
    """``ids`` are those that its author set and that stay: each at the first tag that has it; ``headings`` are those of
    headings without one, in order, "" for none."""
    left, made = set(ids), iter(headings)

    def plain(found: re.Match[str]) -> str:
        tag = found.group()
        name = set_id(found["name"], found["rest"])
        bare = _OWN_LOOK.sub("", tag)
        if name and name in left:
            left.remove(name)
        else:
            is_bare = not name and heading_words(found["name"], markup, found.end())
            name = next(made, "") if is_bare else ""
        size = len(found["name"]) + 1
        return f'{bare[:size]} id="{html.escape(id_of(name))}"{bare[size:]}' if name else bare

    return _BLOCK_OF_TEXT.sub(r"<\1div", _START_TAG.sub(plain, markup))
