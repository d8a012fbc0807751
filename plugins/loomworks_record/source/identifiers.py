"""Identifiers: named things inside documents. The table is configuration; this record's is the default."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from loomworks_record.source.tables import table

DefinedBy = Literal["name", "title", "header", "heading"]
DEFINED_BY_DOCUMENTS: tuple[DefinedBy, ...] = ("name", "title", "header")  # where a row with a prefix says nothing
NUMBER = r"\d{1,6}"  # of a row with a prefix


@dataclass(frozen=True, slots=True)
class IdentifierKind:
    """One row of the table.

    ``pattern`` matches an identifier as authors write it. One that begins with a word and a blank ("Gate
    5b") is also read in the plural and in small letters ("Gates 5 and 5b", "gate 5"). ``plural`` heads its
    register and ``slug`` is the register's address (``/registers/<slug>/``). ``table_heading`` names the
    column heading under which a bare value in a first table cell ("5b" under "Gate") defines one, or "".
    ``local`` ones belong to a version (gates and steps are renumbered): the document's own definition is
    meant before its chain's newest. Values that ``silent`` matches are not mentions unless they are defined.

    ``prefix`` are words before a number, of which the first is shown ("ADR"): "ADR-1", "ADR 1" and "ADR-0001" are one,
    and ``pattern`` follows from them. ``defined_by`` is what defines one for the whole record: the ``name`` of a file,
    the ``title`` or the ``header`` of a document, or a ``heading``. A name that begins with the bare number
    ("0001-use-files") does so in one of ``folders``, or of a document whose kind has the name of this row.
    """

    kind: str
    label: str
    plural: str
    slug: str
    pattern: str = ""
    table_heading: str = ""
    local: bool = False
    silent: str = ""
    prefix: tuple[str, ...] = ()
    defined_by: tuple[DefinedBy, ...] = ()
    folders: tuple[str, ...] = ()

    @property
    def names_documents(self) -> bool:
        """Whether a document has one as its number, so that a text which says it names that document."""
        return bool(self.prefix) or "name" in self.defined_by or "header" in self.defined_by

    @property
    def is_in_texts(self) -> bool:
        """Whether headings, table cells and run-in labels define one."""
        return not self.names_documents or "heading" in self.defined_by

    @property
    def words(self) -> tuple[str, ...]:
        """The prefixes without the hyphen or blank that they may end with."""
        return tuple(prefix.rstrip(" -_#") for prefix in self.prefix)


DEFAULT_IDENTIFIERS = table("identifiers", tuple[IdentifierKind, ...])


def prefixed(words: Iterable[str]) -> str:
    """The pattern of a number after one of some words: "ADR-0001", "ADR 1", "ADR#1"."""
    return rf"(?:{'|'.join(map(re.escape, words))})(?:[-_]| ?#| )?{NUMBER}(?!\.\d)"
