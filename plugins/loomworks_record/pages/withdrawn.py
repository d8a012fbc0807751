"""What pages say of the log: which versions it holds; and what was withdrawn: a version of which path, digest and
reason are kept, and which is still told of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations

from loomworks_record.pages import addresses
from loomworks_record.pages.moves import Move, to_history, to_public
from loomworks_record.pages.names import named, short_name
from loomworks_record.pages.shell import Head, Link, Site, crumbs
from loomworks_record.pages.wording import version_word
from loomworks_record.record.chains import Chain
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document, read_document
from loomworks_record.source.names import is_document_name
from loomworks_record.source.version import version_key


@dataclass(frozen=True, slots=True)
class Missing:
    """A withdrawn version: what its path says of it, in place of the document that it was, and its log entry."""

    document: Document
    entry: Withdrawn


Missings = Mapping[str, tuple[Missing, ...]]  # by the id of their chain, oldest first


@dataclass(frozen=True, slots=True)
class WithdrawnPage:
    """``current`` leads to the version in force, ``history`` to all of them; None where no version is left."""

    crumbs: tuple[Link, ...]
    name: str
    version: str
    date: date | None
    current: Link | None
    history: Link | None
    entry: Withdrawn


def missing(record: Record, log: LogValues) -> Missings:
    """The withdrawn versions of each chain; one that is still there is left out."""
    found: dict[str, list[Missing]] = {}
    taken = {document.public_path for document in record.documents}
    for entry in log.withdrawn:
        if is_document_name(entry.path.rpartition("/")[2]) and entry.path not in record.by_path:
            document = read_document(entry.path, b"", record.config.kinds, record.config.notation)
            public = entry.path if document.public_path in taken else document.public_path
            document = replace(document, date=entry.date or document.date, public_path=public)
            found.setdefault(document.chain, []).append(Missing(document, entry))
    return {
        chain: tuple(sorted(each, key=lambda one: version_key(one.document.version))) for chain, each in found.items()
    }


def withdrawn_page(record: Record, one: Missing) -> WithdrawnPage:
    """What is said in place of a version."""
    document = one.document
    chain = record.chain_by_id.get(document.chain)
    current = chain.current if chain else None
    phase = next((phase for phase in record.phases if phase.folder == document.phase_folder), None)
    return WithdrawnPage(
        crumbs=crumbs(phase, Link(named(document), addresses.view(document), here=True)),
        name=named(document),
        version=version_word(document.version),
        date=document.date,
        current=Link(named(current), addresses.view(current)) if current else None,
        history=Link(f"All versions of {short_name(document)}", addresses.history(document.chain)),
        entry=one.entry,
    )


def attachment_page(entry: Withdrawn) -> WithdrawnPage:
    """The same of a file that was not a document."""
    name = entry.path.rpartition("/")[2]
    crumbs = (Link("Record", addresses.HOME), Link(name, addresses.view_at(entry.path), here=True))
    return WithdrawnPage(crumbs, name, "", entry.date, None, None, entry)


def withdrawn_values(site: Site, page: WithdrawnPage) -> dict[str, object]:
    """What the template shows."""
    said = f"{page.name} was withdrawn. Its path, digest and reason are kept; its text is not."
    relations = [("latest-version", page.current.address)] if page.current else []
    relations += [("version-history", page.history.address)] if page.history else []
    head = Head(f"{page.name}, withdrawn · {site.name}", said, "documents", tuple(relations))
    return {"page": page, "head": head}


def moves_of_missing(chain_id: str, gone: tuple[Missing, ...], chain: Chain | None) -> Iterator[tuple[str, Move]]:
    """(Address, move) of what can no longer be shown: comparisons with a withdrawn version, the path below
    ``archive/``, and where no version is left the latest one."""
    history = Link(f"All versions of {short_name(gone[-1].document)}", addresses.history(chain_id))
    for one in gone:
        if one.document.path != one.document.public_path:
            yield addresses.view_at(one.document.path), to_public(one.document)
    absent = [one.document for one in gone]
    held = chain.named() if chain else ()
    for old, new in combinations(sorted((*absent, *held), key=lambda each: version_key(each.version)), 2):
        if old in absent or new in absent:
            lost = new if new in absent else old
            words = f"{named(lost)} was withdrawn."
            yield addresses.compare(chain_id, old, new), to_history(words, history)
    if chain is None:
        yield addresses.latest(chain_id), to_history("Every version of this document was withdrawn.", history)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """The entry in force for one path. ``number`` is its sequence in the log, which counts from 0."""

    number: int
    date: date | None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A document whose bytes were taken out, and what is kept of it: path, digest, reason."""

    path: str
    version: str
    sha256: str
    reason: str
    number: int
    date: date | None = None


@dataclass(frozen=True, slots=True)
class LogValues:
    """The log as pages show it. ``entries`` by path."""

    entries: Mapping[str, LogEntry] = field(default_factory=dict)
    withdrawn: tuple[Withdrawn, ...] = ()
    size: int = 0
