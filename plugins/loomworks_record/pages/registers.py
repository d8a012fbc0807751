"""Registers: change requests, identifiers, and what is cited but not held, over the whole record."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from loomworks_record.pages import addresses
from loomworks_record.pages.names import listed, named
from loomworks_record.pages.phase import Identifiers
from loomworks_record.pages.shell import Link
from loomworks_record.pages.wording import counted, version_word
from loomworks_record.record.chains import Chain
from loomworks_record.record.citations.citation import Citation, Outcome
from loomworks_record.record.citations.cite import Citations
from loomworks_record.record.citations.cite import NotHeld as Absent
from loomworks_record.record.citations.index import Definition
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document

CHANGE_REQUESTS = "change-requests"
NOT_HELD = "not-held"
_QUOTES = 3  # sentences shown for one thing that is not held


@dataclass(frozen=True, slots=True)
class Row:
    """One identifier, where it is defined.

    ``text`` is the defining text, shortened. ``document`` leads to the document that defines it. ``phase`` is
    None outside phases. ``cited`` says by how many other documents it is cited.
    """

    identifier: Link
    text: str
    document: Link
    phase: Link | None
    cited: str
    documents: int


@dataclass(frozen=True, slots=True)
class Register:
    """One register. ``counts`` says what it holds in words."""

    slug: str
    title: str
    address: str
    rows: tuple[Row, ...]

    @property
    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Naming:
    """One sentence that names what is not held, and the document that it stands in."""

    document: Link
    where: str
    before: str
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class AbsentRow:
    """One thing that is cited and not held. ``more`` counts the mentions that are not shown."""

    name: str
    outcome: Outcome
    places: tuple[str, ...]
    documents: int
    cited: str
    namings: tuple[Naming, ...]
    more: int


@dataclass(frozen=True, slots=True)
class NotHeldRegister:
    """What is cited and not held: documents, and identifiers that are nowhere defined."""

    slug: str
    title: str
    address: str
    documents: tuple[AbsentRow, ...]
    identifiers: tuple[AbsentRow, ...]

    @property
    def count(self) -> int:
        return len(self.documents) + len(self.identifiers)


def registers(citations: Citations) -> tuple[Register, ...]:
    """The change requests, then one register for each kind of identifier, in the order of the configuration."""
    kinds = citations.record.config.identifiers
    rows: dict[str, list[Row]] = defaultdict(list)
    citing = _citing_identifiers(citations)
    for definition in held_definitions(citations):
        rows[definition.section.identifier_kind].append(_row(citations, definition, citing))
    requests = Register(
        CHANGE_REQUESTS, "Change requests", addresses.register(CHANGE_REQUESTS), tuple(_requests(citations))
    )
    others = (Register(kind.slug, kind.plural, addresses.register(kind.slug), tuple(rows[kind.kind])) for kind in kinds)
    return (requests, *others)


def not_held_register(citations: Citations) -> NotHeldRegister:
    """Everything that is cited and not held, with who cites it and where it is said to be."""
    documents = [absent for absent in citations.not_held if not absent.citations[0].identifier]
    names = [absent for absent in citations.not_held if absent.citations[0].identifier]
    return NotHeldRegister(
        NOT_HELD,
        "Cited but not held",
        addresses.register(NOT_HELD),
        tuple(_absent(citations.record, absent) for absent in documents),
        tuple(_absent(citations.record, absent) for absent in sorted(names, key=lambda each: natural(each.name))),
    )


def identifiers_by_phase(citations: Citations) -> dict[str, tuple[Identifiers, ...]]:
    """The identifiers that the documents of each phase define, grouped for its page; by the phase's folder."""
    phases: dict[str, dict[str, list[Link]]] = defaultdict(lambda: defaultdict(list))
    titles = {kind.kind: kind.plural for kind in citations.record.config.identifiers}
    for definition in held_definitions(citations):
        folder, section = definition.document.phase_folder, definition.section
        if folder is None:
            continue
        series = re.match(r"P\d+-[A-Z](?=\d)", section.identifier)
        title = titles[section.identifier_kind]
        group = f"{title} {series.group()}" if series else title
        phases[folder][group].append(Link(section.identifier, _address(definition)))
    return {
        folder: tuple(Identifiers(title, tuple(links)) for title, links in groups.items())
        for folder, groups in phases.items()
    }


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Sorts "P57-D2" before "P57-D10", "Gate 5" before "Gate 5b"."""
    return tuple(
        (int(part), "") if part.isdigit() else (-1, part.casefold()) for part in re.split(r"(\d+)", name) if part
    )


def held_definitions(citations: Citations) -> list[Definition]:
    """One for each identifier and phase (or chain, outside phases), sorted by phase and name."""
    known = citations.index.definitions
    chain = citations.record.chain
    held = {
        (definition.section.identifier, definition.document.phase): definition for definition in known.in_phase.values()
    }
    for (name, chain_id), definition in known.in_chain.items():
        if definition.document.phase is None:
            held[f"{name} {chain_id}", None] = definition
    order = [kind.kind for kind in citations.record.config.identifiers]

    def place(definition: Definition) -> tuple[int, int, str, tuple[tuple[int, str], ...]]:
        phase, section = definition.document.phase, definition.section
        kind = order.index(section.identifier_kind)
        where = "" if phase is not None else chain(definition.document).id
        return kind, -1 if phase is None else -phase, where, natural(section.identifier)

    return sorted(held.values(), key=place)


_Citing = dict[tuple[str, str], set[str]]


def _citing_identifiers(citations: Citations) -> _Citing:
    """(identifier, path of the document that defines it) → the documents that cite it."""
    found: _Citing = defaultdict(set)
    for document in citations.record.documents:
        for citation in citations.of(document.path):
            if citation.identifier and citation.target and citation.target != document.path:
                found[citation.identifier, citation.target].add(document.path)
    return found


def _row(citations: Citations, definition: Definition, citing: _Citing) -> Row:
    record, document, section = citations.record, definition.document, definition.section
    # Definitions in other versions of the chain count too: an older gate is cited as that version's.
    paths = {version.path for version in record.chain(document).versions}
    others = {source for path in paths for source in citing.get((section.identifier, path), ()) if source not in paths}
    return Row(
        identifier=Link(section.identifier, _address(definition)),
        text=section.title,
        document=Link(name_in_register(record, document), addresses.view(document)),
        phase=_phase_link(record.phase(document)),
        cited=_cited_by(len(others)),
        documents=len(others),
    )


def _requests(citations: Citations) -> Iterator[Row]:
    record = citations.record
    for number, chain in sorted(citations.index.by_number.items(), key=lambda item: natural(item[0]), reverse=True):
        document = chain.current or chain.newest
        others = {citation.source for version in chain.versions for citation in citations.by(version.path)}
        others -= {version.path for version in chain.versions}
        yield Row(
            identifier=Link(number, addresses.view(document)),
            text=document.title,
            document=Link(_versions(chain), addresses.history(chain.id)),
            phase=_phase_link(record.phase(document)),
            cited=_cited_by(len(others)),
            documents=len(others),
        )


def _versions(chain: Chain) -> str:
    held = chain.named()
    newest = version_word(chain.newest.version)
    return f"{newest}, {counted(len(held), 'version')}" if newest else counted(len(held), "version")


def _cited_by(documents: int) -> str:
    return f"by {counted(documents, 'document')}" if documents else "not cited elsewhere"


def _address(definition: Definition) -> str:
    return f"{addresses.view(definition.document)}#{definition.section.anchor}"


def name_in_register(record: Record, document: Document) -> str:
    return named(document) if document.phase_folder else f"{listed(record, document)} {version_word(document.version)}"


def _phase_link(phase: Phase | None) -> Link | None:
    return Link(phase.label, addresses.phase(phase.folder)) if phase else None


def _absent(record: Record, absent: Absent) -> AbsentRow:
    sources = list(dict.fromkeys(citation.source for citation in absent.citations))
    shown = list(_first_of_each(absent.citations))[:_QUOTES]
    outcome: Outcome = "elsewhere" if absent.places else "unresolved"
    return AbsentRow(
        name=absent.name,
        outcome=outcome,
        places=absent.places,
        documents=len(sources),
        cited=f"{_cited_by(len(sources))}, {counted(len(absent.citations), 'mention')}",
        namings=tuple(_naming(record, citation) for citation in shown),
        more=len(absent.citations) - len(shown),
    )


def _first_of_each(found: Sequence[Citation]) -> Iterable[Citation]:
    """The first mention in each document."""
    return {citation.source: citation for citation in reversed(found)}.values().__reversed__()


def _naming(record: Record, citation: Citation) -> Naming:
    document = record.by_path[citation.source]
    where = "in the header" if citation.where == "header" else citation.where
    return Naming(
        Link(name_in_register(record, document), addresses.view(document)),
        where,
        citation.before,
        citation.text,
        citation.after,
    )
