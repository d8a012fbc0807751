"""Addresses that lead on: what was published once is answered for ever. A page leads on by itself, wherever it is
served; a host that takes rules leads on before that (bundle/hosts.py). And what pages say of the log: which versions
it holds, and what was withdrawn: a version of which path, digest and reason are kept, and which is still told of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import combinations
from urllib.parse import unquote

from msgspec import Struct, field

from loomworks_record.pages import addresses
from loomworks_record.pages.shell import Link, Site, crumbs, document_link, way
from loomworks_record.pages.wording import named, short_name, version_word
from loomworks_record.record.chains import Chain
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document, read_document
from loomworks_record.source.names import is_document_name
from loomworks_record.source.neighbour import Neighbour
from loomworks_record.source.version import version_key


class Move(Struct, frozen=True):
    """A page that leads on. ``for_good``: it will never lead elsewhere."""

    title: str
    words: str
    target: Link
    for_good: bool = False


def move_values(site: Site, page: Move, relations: tuple[tuple[str, str], ...] = ()) -> dict[str, object]:
    """What the template of a page that leads on shows."""
    target, mark, anchor = page.target.address.partition("#")
    head = site.head(
        page.title,
        f"{page.words} {page.target.text}.",
        relations=relations,
        canonical=site.absolute(target) + mark + anchor if page.for_good else None,
        robots="noindex",
    )
    return {"page": page, "head": head}


def latest_page(chain: Chain) -> Move:
    """Where ``/latest/…`` leads."""
    if chain.replaced_by is not None:
        name = named(chain.replaced_by)
        return Move(f"Superseded by {name}", "It was superseded by", document_link(chain.replaced_by))
    if chain.current is None:
        return Move("No later version is held", "No version of this document is current.", _all_versions(chain.newest))
    return Move(f"Current: {named(chain.current)}", "The current version is", document_link(chain.current))


def former_comparison(chain: Chain, old: Document, new: Document) -> Move:
    """Where the comparison with a version leads that was current once: to the one with the version that is."""
    words = f"{named(new)} is not current any more."
    if chain.current is None:
        return Move("No version is current", words, _all_versions(chain.newest))
    to = f"{version_word(old.version)} compared with {version_word(chain.current.version)}, current"
    return Move(to, words, Link(to, addresses.compare(chain.id, old, chain.current)))


def below_archive(document: Document) -> Move | None:
    """Where the page at the path of an archived version leads: to the address that it has had since it was filed."""
    return to_public(document) if document.path != document.public_path else None


def to_public(document: Document) -> Move:
    words = "This version has one address, current or archived:"
    return Move(f"Moved: {named(document)}", words, document_link(document), for_good=True)


def renamed(record: Record) -> dict[str, Document]:
    """Path of a document before it was renamed → the document, as ``redirects:`` has it for their pages."""
    pages = {addresses.view(document): document for document in record.documents}
    found: dict[str, Document] = {}
    for source, target in record.config.redirects:
        old, document = _page(source), pages.get(_page(target))
        if old.startswith("view/") and document and old not in pages:
            found[old.removeprefix("view/").removesuffix(".html")] = document
    return found


def declared_moves(record: Record) -> Iterator[tuple[str, Move]]:
    """(Address, move) of each page that ``redirects:`` leads on. Where all of a chain was renamed, its history, its
    latest version and its comparisons follow."""
    for source, target in record.config.redirects:
        if target.startswith("/"):
            to = unquote(target).removeprefix("/")
            yield _page(source), Move("Moved", "This page has another address now:", Link(f"/{to}", to), for_good=True)
    for chain_id, documents in _former(record).items():
        yield from _renamed_chain(record, chain_id, documents)


def renamed_chains(record: Record) -> dict[str, Chain]:
    """Id of a chain of which nothing has the name any more → the chain that it is now."""
    return {chain_id: record.chain(next(iter(found.values()))) for chain_id, found in _former(record).items()}


def _former(record: Record) -> dict[str, dict[str, Document]]:
    former: dict[str, dict[str, Document]] = {}
    for path, document in renamed(record).items():
        chain_id = record.config.notation.place(path).chain
        if chain_id not in record.chain_by_id:
            former.setdefault(chain_id, {})[path] = document
    return former


def _renamed_chain(record: Record, chain_id: str, documents: dict[str, Document]) -> Iterator[tuple[str, Move]]:
    chain = record.chain(next(iter(documents.values())))
    said = "This document has another name now:"
    history = _all_versions(chain.newest)
    yield addresses.history(chain_id), Move("Moved", said, history, for_good=True)
    latest = Link(f"The current version of {short_name(chain.newest)}", addresses.latest(chain.id))
    yield addresses.latest(chain_id), Move("Moved", said, latest, for_good=True)
    names = {path: record.config.notation.place(path).name for path in documents}
    slugs = {path: name.version.slug for path, name in names.items() if name.version}
    for one, other in combinations(sorted(slugs, key=lambda path: documents[path].version or ()), 2):
        yield addresses.compare_at(chain_id, slugs[one], slugs[other]), Move("Moved", said, history)


def _page(address: str) -> str:
    """The file that answers an address of a configuration."""
    path = unquote(address.partition("#")[0]).removeprefix("/")
    if path.endswith(".html") or (path and not path.endswith("/") and "." in path.rpartition("/")[2]):
        return path
    return f"{path.rstrip('/')}/index.html".removeprefix("/")


def _all_versions(document: Neighbour) -> Link:
    return Link(f"All versions of {short_name(document)}", addresses.history(document.chain))


class WithdrawnVersion(Struct, frozen=True):
    """A withdrawn version: what its path says of it, in place of the document that it was, and its log entry."""

    document: Document
    entry: Withdrawal


WithdrawnVersions = Mapping[str, tuple[WithdrawnVersion, ...]]  # by the id of their chain, oldest first


class WithdrawnPage(Struct, frozen=True):
    """``current`` leads to the version in force, ``history`` to all of them; None where no version is left."""

    crumbs: tuple[Link, ...]
    name: str
    version: str
    date: date | None
    current: Link | None
    history: Link | None
    entry: Withdrawal


def missing(record: Record, log: LogValues) -> WithdrawnVersions:
    """The withdrawn versions of each chain; one that is still there is left out."""
    found: dict[str, list[WithdrawnVersion]] = {}
    taken = {document.public_path for document in record.documents}
    for entry in log.withdrawn:
        if is_document_name(entry.path.rpartition("/")[2]) and entry.path not in record.by_path:
            document = read_document(entry.path, b"", record.config.kinds, record.config.notation)
            public = entry.path if document.public_path in taken else document.public_path
            document = replace(document, date=entry.date or document.date, public_path=public)
            found.setdefault(document.chain, []).append(WithdrawnVersion(document, entry))
    return {
        chain: tuple(sorted(each, key=lambda one: version_key(one.document.version))) for chain, each in found.items()
    }


def withdrawn_page(record: Record, one: WithdrawnVersion) -> WithdrawnPage:
    """What is said in place of a version."""
    document = one.document
    chain = record.chain_by_id.get(document.chain)
    current = chain.current if chain else None
    phase = next((phase for phase in record.phases if phase.folder == document.phase_folder), None)
    return WithdrawnPage(
        crumbs=crumbs(phase, document_link(document)),
        name=named(document),
        version=version_word(document.version),
        date=document.date,
        current=document_link(current) if current else None,
        history=_all_versions(document),
        entry=one.entry,
    )


def attachment_page(entry: Withdrawal) -> WithdrawnPage:
    """The same of a file that was not a document."""
    name = entry.path.rpartition("/")[2]
    return WithdrawnPage(way(Link(name, addresses.view_at(entry.path))), name, "", entry.date, None, None, entry)


def withdrawn_values(site: Site, page: WithdrawnPage) -> dict[str, object]:
    said = f"{page.name} was withdrawn. Its path, digest and reason are kept; its text is not."
    relations = [("latest-version", page.current.address)] if page.current else []
    relations += [("version-history", page.history.address)] if page.history else []
    head = site.head(f"{page.name}, withdrawn", said, "documents", relations=tuple(relations))
    return {"page": page, "head": head}


def moves_of_missing(
    chain_id: str, gone: tuple[WithdrawnVersion, ...], chain: Chain | None
) -> Iterator[tuple[str, Move]]:
    """(Address, move) of what can no longer be shown: comparisons with a withdrawn version, the path below
    ``archive/``, and where no version is left the latest one."""
    history = _all_versions(gone[-1].document)
    for one in gone:
        if one.document.path != one.document.public_path:
            yield addresses.view_at(one.document.path), to_public(one.document)
    absent = [one.document for one in gone]
    held = chain.named() if chain else ()
    for old, new in combinations(sorted((*absent, *held), key=lambda each: version_key(each.version)), 2):
        if old in absent or new in absent:
            lost = new if new in absent else old
            words = f"{named(lost)} was withdrawn."
            yield addresses.compare(chain_id, old, new), Move("Withdrawn", words, history)
    if chain is None:
        words = "Every version of this document was withdrawn."
        yield addresses.latest(chain_id), Move("Withdrawn", words, history)


class LogEntry(Struct, frozen=True):
    """The entry in force for one path. ``number`` is its sequence in the log, which counts from 0."""

    number: int
    date: date | None


class Withdrawal(Struct, frozen=True):
    """A document whose bytes were taken out, and what is kept of it: path, digest, reason."""

    path: str
    version: str
    sha256: str
    reason: str
    number: int
    date: date | None = None


class LogValues(Struct, frozen=True):
    """The log as pages show it. ``entries`` by path."""

    entries: Mapping[str, LogEntry] = field(default_factory=dict)
    withdrawn: tuple[Withdrawal, ...] = ()
    size: int = 0
