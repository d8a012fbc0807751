"""Documents read with a memo: what path, bytes and kinds say of one is worked out once. The bytes are always read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import NamedTuple

import msgspec

from loomworks_record.kept.keys import code_digest
from loomworks_record.kept.memo import NO_MEMO, Memo, Shelf, key_of
from loomworks_record.kept.spool import Keeper, KeptBytes
from loomworks_record.source.document import Document, named_document, read_guarded
from loomworks_record.source.front_matter import front_matter_reader
from loomworks_record.source.header import Header
from loomworks_record.source.kinds import KindTable, Role
from loomworks_record.source.names import COMMON, Name, Notation
from loomworks_record.source.problem import UNREADABLE, Problem

_AT_ONCE = 32  # documents that are read together


class ReadDocument(NamedTuple):
    """A document, and what is doubtful in it by itself."""

    document: Document
    problems: tuple[Problem, ...]


class _KeptDocument(NamedTuple):
    """What is kept of a document: all but its path, bytes and digest, which are at hand."""

    name: Name
    form: str
    header: Header
    title: str
    kind: str
    date: date | None
    encoding: str | None
    chain: str
    archived_by_folder: bool
    public_path: str
    role: Role
    short_name: str
    cr_number: str | None
    problems: tuple[Problem, ...]


_OF_DOCUMENT = _KeptDocument._fields[:-1]  # all but the problems


def read_documents(
    files: Iterable[tuple[str, bytes]],
    kinds: KindTable,
    memo: Memo = NO_MEMO,
    keeper: Keeper | None = None,
    notation: Notation = COMMON,
    by_name: bool = False,
) -> tuple[ReadDocument, ...]:
    """The documents filed at these paths with these bytes, in their order. ``keeper`` keeps their bytes; ``by_name``:
    of their texts nothing is read.

    Of files that come one by one, only a few are held at a time.
    """
    shelf = Shelf(memo, "document", _KeptDocument)
    reading = _DocumentReading(kinds, notation, shelf, keeper or Keeper(), by_name)
    waiting = iter(files)
    read: list[ReadDocument] = []
    while portion := list(islice(waiting, _AT_ONCE)):
        read += reading.read_kept(portion) if shelf.keeps else map(reading.read, portion)
    shelf.put_many(reading.fresh)
    return tuple(read)


class _DocumentReading:
    def __init__(
        self, kinds: KindTable, notation: Notation, shelf: Shelf[_KeptDocument], keeper: Keeper, by_name: bool
    ) -> None:
        self.kinds = kinds
        self.notation = notation
        self.shelf = shelf
        self.keeper = keeper
        self.by_name = by_name
        self.fresh: dict[bytes, _KeptDocument] = {}  # what had to be read
        self.common = _common(kinds, notation) if shelf.keeps else b""

    def read(self, file: tuple[str, bytes], sha256: str | None = None) -> ReadDocument:
        path, data = file
        document, problems = (
            (named_document(path, data, self.kinds, self.notation), ())
            if self.by_name
            else read_guarded(path, data, self.kinds, self.notation, sha256)
        )
        return ReadDocument(replace(document, filed=self.keeper.keep(data)), problems)

    def read_kept(self, files: Sequence[tuple[str, bytes]]) -> Iterator[ReadDocument]:
        """With what is kept."""
        digests = [hashlib.sha256(data).hexdigest() for _, data in files]
        keys = [key_of(self.common, path, digest) for (path, _), digest in zip(files, digests, strict=True)]
        kept = self.shelf.get_many(keys)
        for file, digest, key in zip(files, digests, keys, strict=True):
            known = kept.get(key)
            if known is None:
                read = self.read(file, digest)
                if all(problem.code != UNREADABLE for problem in read.problems):  # its traceback is wanted each time
                    self.fresh[key] = _kept(read)
            else:
                path, data = file
                read = _known(path, self.keeper.keep(data), digest, known)
            yield read


def _common(kinds: KindTable, notation: Notation) -> bytes:
    code = code_digest("loomworks_record.source", versions=(front_matter_reader(),))
    return key_of(code, msgspec.msgpack.encode((kinds.rows, notation)))


def _kept(read: ReadDocument) -> _KeptDocument:
    own = {member: getattr(read.document, member) for member in _OF_DOCUMENT}
    return _KeptDocument(**own, problems=read.problems)


def _known(path: str, filed: KeptBytes, sha256: str, kept: _KeptDocument) -> ReadDocument:
    own = {member: getattr(kept, member) for member in _OF_DOCUMENT}
    return ReadDocument(Document(path=path, filed=filed, sha256=sha256, **own), kept.problems)
