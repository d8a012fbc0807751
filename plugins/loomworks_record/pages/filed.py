"""What was filed, as files of the site: the bytes of documents and attachments, as they were read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from loomworks_record.pages import addresses
from loomworks_record.pages.moves import renamed
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.root_files import is_root_file


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


def filed_files(record: Record) -> Iterator[PlannedFile]:
    """Every filed file at each address below ``raw/`` that it was published at, and at the root of the site what
    others look for there."""
    paths = [(path, each) for each in record.documents for path in sorted({each.path, each.public_path})]
    for path, document in (*paths, *renamed(record).items()):
        yield PlannedFile(addresses.raw_at(path), data=partial(_bytes, document), digest=document.sha256)
    read = dict(record.content.phase_files)  # what was read once is what is published
    held = {attachment.path: attachment for attachment in record.content.attachments}
    # One in the archive also where it lay before, for the version that shows it from there.
    earlier = {record.config.notation.naming.without_archive(path): each for path, each in held.items()}
    for path, attachment in sorted((earlier | held).items()):
        known = read.get(attachment.path)
        data = attachment.read if known is None else partial(bytes, known)
        yield PlannedFile(addresses.raw_at(path), data=data)
        if path == attachment.path and is_root_file(attachment.path, record.config.root_files):
            yield PlannedFile(attachment.path, data=data)


def _bytes(document: Document) -> bytes:
    return document.data
