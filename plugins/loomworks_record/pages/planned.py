"""What a plan is made of: pages and files, each with its address and what it is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loomworks_record.record.chains import Chain
from loomworks_record.source.document import Document

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TextOf:
    """The part of a page that is a document's rendered text."""

    document: Document


@dataclass(frozen=True, slots=True)
class ComparisonOf:
    """The part of a page that is the comparison of two documents of one chain."""

    chain: Chain
    old: Document
    new: Document


@dataclass(frozen=True, slots=True)
class TextsOf:
    """The parts of a page that are the rendered texts of several documents, in order."""

    documents: tuple[Document, ...]


Part = TextOf | TextsOf | ComparisonOf | None


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """One HTML page: its address, its template, and the values of the template but for the costly ``part``, which
    ``composed`` adds. ``source`` is the path of the document that it shows, or None. ``chain`` is the id of the chain
    whose page it is, or ""; they stand together, for they show the same texts. ``besides`` gives the plain values that
    its own depend on beside ``Planning.said``, or is None: they depend on more."""

    address: str
    template: str
    values: Callable[[], Values]
    source: str | None = None
    part: Part = None
    chain: str = ""
    besides: Callable[[], tuple[object, ...]] | None = None

    @property
    def weight(self) -> int:
        """Bytes of the documents that the page shows."""
        if isinstance(self.part, ComparisonOf):
            return self.part.old.size + self.part.new.size
        if isinstance(self.part, TextOf):
            return self.part.document.size
        return sum(document.size for document in self.part.documents) if self.part else 0


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One other file: bytes that are made when asked for, or a file to be copied byte for byte. ``digest``: the
    sha256 (hex) of its bytes where that is known."""

    address: str
    data: Callable[[], bytes] | None = None
    copy: Path | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedTogether:
    """Files that are made together, bytes by address. Where ``made_of`` (plain values) is equal, they are."""

    made_of: object
    make: Callable[[], dict[str, bytes]]
