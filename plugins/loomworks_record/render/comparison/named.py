"""Identifiers that a body defines: in a heading, in the first cell of a row, or as a label that a text runs in
from. The table of identifiers is the record's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from loomworks_record.render.comparison.blocks import Block, blocks
from loomworks_record.render.comparison.nodes import SPACE, Element, collapse, elements, text_of
from loomworks_record.render.comparison.tables import read_table
from loomworks_record.source.identifiers import IdentifierKind

_LABELS = ("strong", "b")


def definitions(block: Block, heading: str, kinds: Sequence[IdentifierKind]) -> Iterator[tuple[IdentifierKind, str]]:
    """The identifiers that one block defines, in order; ``heading`` is the text of the heading above it."""
    if block.kind == "heading":
        yield from _starting(block.text, kinds)
    elif block.kind == "table":
        yield from _in_table(block.element, heading, kinds)
    elif block.kind == "container":
        for inner in blocks(block.element.children):
            yield from definitions(inner, heading, kinds)
    elif block.kind == "text":
        first = next((child for child in elements(block.element.children[:1]) if child.tag in _LABELS), None)
        if first is not None:
            yield from _starting(text_of(first), kinds)


def _starting(text: str, kinds: Sequence[IdentifierKind]) -> Iterator[tuple[IdentifierKind, str]]:
    plain = collapse(text).strip(SPACE)
    for kind in kinds:
        found = re.match(rf"(?:{kind.pattern})(?![\w-])", plain)
        if found:
            yield kind, found.group()
            return


def _in_table(item: Element, heading: str, kinds: Sequence[IdentifierKind]) -> Iterator[tuple[IdentifierKind, str]]:
    table = read_table(item)
    if table is None or "tbody" not in table.parts:
        return
    head = table.rows[0].first
    bare = next((kind for kind in kinds if kind.table_heading and _heads(kind.table_heading, head, heading)), None)
    for row in table.parts["tbody"][1]:
        name = f"{bare.label} {row.first}" if bare is not None else ""
        if bare is not None and re.fullmatch(bare.pattern, name):
            yield bare, name
        else:
            yield from _starting(row.first, kinds)


def _heads(word: str, head: str, heading: str) -> bool:
    """Whether a column of bare values stands under ``word``: in its own head, or, headed by a sign, in the plural in
    the heading above the table ("Acceptance gates")."""
    if any(sign.isalpha() for sign in head):
        return head.lower() in (word.lower(), f"{word.lower()}s")
    return re.search(rf"\b{re.escape(word)}s\b", heading, re.IGNORECASE) is not None
