"""Identifiers that a body defines: in a heading, in the first cell of a row, or as a label that a text runs in
from. The table of identifiers is the record's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from loomworks_record.comparison.blocks import Content
from loomworks_record.comparison.nodes import SPACE, Element, collapse
from loomworks_record.comparison.tables import read_table
from loomworks_record.source.identifiers import IdentifierKind

Definition = tuple[int, str]  # the number of the kind in the table of identifiers, the identifier


def definitions(content: Content, heading: str, kinds: Sequence[IdentifierKind]) -> Iterator[Definition]:
    """The identifiers that one block defines, in order; ``heading`` is the text of the heading above it."""
    if content.label is not None:
        yield from _starting(content.label, kinds)
    elif content.kind == "table":
        yield from _in_table(content.element, heading, kinds)
    elif content.kind == "container":
        for inner in content.inner:
            yield from definitions(inner.content, heading, kinds)


def _starting(text: str, kinds: Sequence[IdentifierKind]) -> Iterator[Definition]:
    plain = collapse(text).strip(SPACE)
    for number, kind in enumerate(kinds):
        found = _pattern(kind.pattern).match(plain) if plain else None
        if found:
            yield number, found.group()
            return


@lru_cache
def _pattern(identifier: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{identifier})(?![\w-])")


def _in_table(item: Element, heading: str, kinds: Sequence[IdentifierKind]) -> Iterator[Definition]:
    table = read_table(item)
    if table is None or "tbody" not in table.parts:
        return
    head = table.rows[0].first
    named = [
        number for number, kind in enumerate(kinds) if kind.table_heading and _heads(kind.table_heading, head, heading)
    ]
    for row in table.parts["tbody"][1]:
        name = f"{kinds[named[0]].label} {row.first}" if named else ""
        if named and re.fullmatch(kinds[named[0]].pattern, name):
            yield named[0], name
        else:
            yield from _starting(row.first, kinds)


def _heads(word: str, head: str, heading: str) -> bool:
    """Whether a column of bare values stands under ``word``: in its own head, or, headed by a sign, in the plural in
    the heading above the table ("Acceptance gates")."""
    if any(sign.isalpha() for sign in head):
        return head.lower() in (word.lower(), f"{word.lower()}s")
    return re.search(rf"\b{re.escape(word)}s\b", heading, re.IGNORECASE) is not None
