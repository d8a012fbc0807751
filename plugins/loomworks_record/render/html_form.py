"""HTML documents as bodies that can be compared: what a reader sees of them, sanitised."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast
from xml.etree.ElementTree import Element

from lxml import etree
from msgspec import Struct

from loomworks_record.comparison.nodes import nesting, parsed_body
from loomworks_record.render.anchors import name_sections
from loomworks_record.render.html_tree import tree_of_html
from loomworks_record.render.sanitise import sanitise
from loomworks_record.source.folding import without_invisible
from loomworks_record.source.identifiers import IdentifierKind
from loomworks_record.text.identifiers import identifier_grammar
from loomworks_record.text.sections import Section, sections_of

_BODY = re.compile(r"<body\b[^>]*>(?P<inner>.*?)(?:</body\s*>|$)", re.IGNORECASE | re.DOTALL)
_HEAD = re.compile(r"<head\b.*?(?:</head\s*>|$)|<!doctype[^>]*>|</?html\b[^>]*>", re.IGNORECASE | re.DOTALL)
_DEEPEST = 100  # levels of elements; what nests deeper has no sections


class HtmlForm(Struct, frozen=True):
    """An HTML document as a safe fragment, its headings numbered as those of rendered Markdown; and its sections."""

    body: str
    sections: tuple[Section, ...] = ()


def visible_html(text: str) -> str:
    """The body of a whole HTML document as a safe fragment. Its own look and scripts are left out."""
    found = _BODY.search(text)
    return sanitise(without_invisible(found["inner"] if found else _HEAD.sub("", text)), is_raw=True)


def html_form(text: str, identifiers: Sequence[IdentifierKind]) -> HtmlForm:
    """A whole HTML document as it is compared."""
    clean = visible_html(text)
    root = parsed_body(clean) if nesting(clean) <= _DEEPEST else None
    if root is None:
        return HtmlForm(clean)
    # Both kinds of trees have the parts of an Element that are used.
    tree = tree_of_html(cast(Element, root))
    sections = sections_of(tree.flat, identifier_grammar(tuple(identifiers)))
    name_sections(tree, sections)
    inner = "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)
    return HtmlForm((root.text or "") + inner, sections)
