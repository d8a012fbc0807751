"""Documents read with a memo: what path, bytes and kinds say of one is worked out once. The bytes are always read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from loomworks_record.source.document import Document, document_problems, read_document
from loomworks_record.source.header import Header
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.memo import NO_MEMO, Memo, Shelf, key_of
from loomworks_record.source.names import Name
from loomworks_record.source.own_code import code_digest
from loomworks_record.source.problem import Problem

# What front matter is read with.
LIBRARIES = ("PyYAML", "python-frontmatter")


class ReadDocument(NamedTuple):
    """A document, and what is doubtful in it by itself."""

    document: Document
    problems: tuple[Problem, ...]


class _Kept(NamedTuple):
    """What is kept of a document: all but its path, bytes and digest, which are at hand."""

    name: Name
    header: Header
    title: str
    kind: str
    date: date | None
    encoding: str | None
    problems: tuple[Problem, ...]


def read_documents(
    files: Sequence[tuple[str, bytes]], kinds: KindTable, memo: Memo = NO_MEMO
) -> tuple[ReadDocument, ...]:
    """The documents filed at these paths with these bytes, in their order."""
    shelf = Shelf(memo, "document", _Kept)
    if not shelf.keeps:
        return tuple(_read(path, data, kinds) for path, data in files)
    common = key_of(code_digest("loomworks_record.source", libraries=LIBRARIES), msgspec.msgpack.encode(kinds.rows))
    digests = [hashlib.sha256(data).hexdigest() for _, data in files]
    keys = [key_of(common, path, digest) for (path, _), digest in zip(files, digests, strict=True)]
    kept = shelf.get_many(keys)
    read: list[ReadDocument] = []
    fresh: dict[bytes, _Kept] = {}
    for (path, data), digest, key in zip(files, digests, keys, strict=True):
        known = kept.get(key)
        if known is None:
            read.append(_read(path, data, kinds))
            fresh[key] = _kept(read[-1])
        else:
            read.append(_known(path, data, digest, known))
    shelf.put_many(fresh)
    return tuple(read)


def _read(path: str, data: bytes, kinds: KindTable) -> ReadDocument:
    document = read_document(path, data, kinds)
    return ReadDocument(document, tuple(document_problems(document)))


def _kept(read: ReadDocument) -> _Kept:
    document, problems = read
    return _Kept(
        document.name, document.header, document.title, document.kind, document.date, document.encoding, problems
    )


def _known(path: str, data: bytes, sha256: str, kept: _Kept) -> ReadDocument:
    name, header, title, kind, day, encoding, problems = kept
    return ReadDocument(Document(path, data, sha256, name, header, title, kind, day, encoding), problems)
