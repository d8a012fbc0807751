"""What resolvers are given of documents that are not their own: a type, and the digest of all that it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cached_property
from typing import Any, get_args, get_type_hints

import pytest
from loomworks_record.record.chains import Chain
from loomworks_record.record.citations.digests import SEEN, neighbours_digest
from loomworks_record.record.citations.index import RecordIndex
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document, read_document
from loomworks_record.source.kinds import DEFAULT_KINDS, KindTable

DOCUMENT = read_document("notes/a-plan-v0_2.md", b"# A plan\n\n**Date.** 2026-05-12\n", KindTable(DEFAULT_KINDS))


def types_in(annotation: Any) -> Iterator[Any]:
    """The types of an annotation, and of the fields of ours among them."""
    yield annotation
    for each in get_args(annotation):
        yield from types_in(each)
    ours = is_dataclass(annotation) or hasattr(annotation, "__struct_fields__")
    if ours and annotation.__module__.startswith("loomworks_record.record"):
        for each in get_type_hints(annotation).values():
            yield from types_in(each)


def given() -> Iterator[tuple[str, Any]]:
    """The public members of the index, with what each returns."""
    for name, member in vars(RecordIndex).items():
        function = member.func if isinstance(member, cached_property) else member
        if not name.startswith("_") and callable(function):
            yield name, get_type_hints(function)["return"]


@pytest.mark.parametrize(("name", "annotation"), list(given()), ids=lambda each: each if isinstance(each, str) else "")
def test_the_index_gives_no_whole_document(name: str, annotation: Any) -> None:
    assert not {Document, Chain, Record}.intersection(types_in(annotation))


@pytest.mark.parametrize("member", SEEN)
def test_each_member_is_in_the_digest(member: str) -> None:
    other = Other(DOCUMENT, member)
    assert neighbours_digest([DOCUMENT]) == neighbours_digest([replace(DOCUMENT)])
    assert neighbours_digest([other]) != neighbours_digest([DOCUMENT])  # type: ignore[list-item]


class Other:
    """A document of which one member says something else."""

    def __init__(self, document: Document, member: str) -> None:
        self._document = document
        self._member = member

    def __getattr__(self, name: str) -> object:
        return "something else" if name == self._member else getattr(self._document, name)


def test_what_is_read_of_a_document_is_not_in_the_digest() -> None:
    """An edit of its text is not seen by those that do not cite it."""
    own = {field.name for field in fields(Document)}
    assert {"filed", "sha256", "header", "encoding"} <= own - set(SEEN)
