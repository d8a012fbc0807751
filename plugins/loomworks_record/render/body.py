"""A tree to safe HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from loomworks_record.render.code import code_html
from loomworks_record.render.sanitise import sanitise
from loomworks_record.text.parse import parse
from loomworks_record.text.set_ids import id_of, set_id
from loomworks_record.text.tree import RAW, Tree

_VOID = frozenset({"br", "hr", "img", "input"})
_HOLDERS = frozenset({"blockquote", "div", "ol", "table", "tbody", "thead", "tr", "ul"})  # of blocks alone
_ENDS_LINE = _HOLDERS | {"h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p", "td", "th"}
_START_TAG = re.compile(r"<(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<rest>[^<>]*)>")
# Raw HTML keeps neither class nor id: it may not look like, or stand in for, a part of the page.
_OWN_LOOK = re.compile(r"""\s(?:class|id|name)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)


def body_html(root: Element) -> str:
    """The HTML of what stands below ``root``, as it may stand on a page."""
    out: list[str] = []
    _write_inside(root, out)
    return sanitise("".join(out).strip())


def inline_html(root: Element) -> str:
    """The same of one line: the paragraph around it is taken off."""
    rendered = body_html(root)
    inner = re.fullmatch(r"<p>(.*)</p>", rendered, re.DOTALL)
    return inner[1] if inner and "<p>" not in inner[1] else rendered


def render_body(text: str) -> str:
    """A Markdown text by itself: without anchors, its references as they were filed."""
    tree = parse(text)
    label_tables(tree)
    return body_html(tree.root)


def label_tables(tree: Tree) -> None:
    """Number the tables and name them by the heads of their columns: each is a region that scrolls."""
    for number, table in enumerate(tree.root.iter("table"), 1):
        said = ", ".join(filter(None, (_head(cell) for cell in table.iter("th"))))[:80]
        table.set("aria-label", f"Table {number}: {said}" if said else f"Table {number}")


def _head(cell: Element) -> str:
    return "" if cell.find(f".//{RAW}") is not None else " ".join("".join(cell.itertext()).split())


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
        out.append(_without_look(element.text or "", element.get("ids", "").split("\n")))
    elif tag == "pre":
        out.append(f'<div class="highlight"><pre><code>{code_html(element.text or "", element.get("lang", ""))}')
        out.append("</code></pre></div>\n")
    elif tag == "table":
        label = html.escape(element.get("aria-label", ""))
        out.append(f'<div class="r-scroll" role="region" tabindex="0" aria-label="{label}"><table class="r-table">\n')
        _write_inside(element, out)
        out.append("</table></div>\n")
    else:
        out.append(f"<{tag}{''.join(_attributes(element))}>" if element.attrib else f"<{tag}>")
        if tag in _HOLDERS:
            out.append("\n")
        _write_inside(element, out)
        if tag not in _VOID:
            out.append(f"</{tag}>")
        if tag in _ENDS_LINE:
            out.append("\n")


def _attributes(element: Element) -> Iterator[str]:
    for name, value in element.items():
        yield f' {name}="{html.escape(value)}"'


def _escaped(text: str) -> str:
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;") if ">" in text else text


def _without_look(markup: str, ids: list[str]) -> str:
    """``ids`` are those that its author set and that stay: each at the first tag that has it."""
    left = set(ids)

    def plain(found: re.Match[str]) -> str:
        tag = found.group()
        name = set_id(found["name"], found["rest"])
        bare = _OWN_LOOK.sub("", tag)
        if not name or name not in left:
            return bare
        left.remove(name)
        size = len(found["name"]) + 1
        return f'{bare[:size]} id="{html.escape(id_of(name))}"{bare[size:]}'

    return _START_TAG.sub(plain, markup)
