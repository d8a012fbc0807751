"""Registers: change requests, identifiers, and what is cited but not held, over the whole record."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from loomworks_record.pages import addresses
from loomworks_record.pages.cites import Quote, quote_of, section_words
from loomworks_record.pages.phase import Identifiers
from loomworks_record.pages.shell import Link, full_link, phase_link
from loomworks_record.pages.wording import counted, grouped, natural, version_word
from loomworks_record.record.chains import Chain, NeighbourChain
from loomworks_record.record.citations.citation import Citation, Outcome
from loomworks_record.record.citations.cite import Citations
from loomworks_record.record.citations.cite import NotHeld as Absent
from loomworks_record.record.citations.index import Definition
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.through import Through
from loomworks_record.source.neighbour import Neighbour

Follow = Callable[[Chain], Through]
Naming = tuple[str, Neighbour]  # an identifier, and the version that calls the thing so
_CitingDocuments = dict[tuple[str, str], set[str]]


class IdentifierRow(Struct, frozen=True):
    """One identifier, where it is defined.

    ``text`` is the defining text, shortened. ``document`` leads to the document that defines it. ``phase`` is
    None outside phases. ``cited`` says by how many other documents it is cited, ``citing`` are these. ``since`` and
    ``earlier`` tell of other numbers that it had.
    """

    identifier: Link
    text: str
    document: Link
    phase: Link | None
    cited: str
    citing: tuple[Link, ...]
    since: str = ""
    earlier: str = ""


class RegisterGroup(Struct, frozen=True):
    """What one phase defines (None: what is outside phases). ``gone`` is what only archived versions define."""

    phase: Link | None
    anchor: str
    rows: tuple[IdentifierRow, ...]
    gone: tuple[IdentifierRow, ...]


class Register(Struct, frozen=True):
    """One register, grouped by phase; ``label`` is what one row is called."""

    slug: str
    title: str
    label: str
    address: str
    groups: tuple[RegisterGroup, ...]

    @property
    def rows(self) -> tuple[IdentifierRow, ...]:
        """What holds today."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def gone(self) -> int:
        return sum(len(group.gone) for group in self.groups)

    @property
    def count(self) -> int:
        return len(self.rows)


class NotHeldMention(Struct, frozen=True):
    """One sentence that names what is not held, and the document that it stands in."""

    document: Link
    where: str
    quote: Quote


class AbsentRow(Struct, frozen=True):
    """One thing that is cited and not held. ``namings`` are the first mention in each document, of which a few are
    shown and the others folded."""

    name: str
    outcome: Outcome
    places: tuple[str, ...]
    documents: int
    cited: str
    namings: tuple[NotHeldMention, ...]


class NotHeldRegister(Struct, frozen=True):
    """What is cited and not held: documents, and identifiers that are nowhere defined."""

    slug: str
    title: str
    address: str
    documents: tuple[AbsentRow, ...]
    identifiers: tuple[AbsentRow, ...]

    @property
    def count(self) -> int:
        return len(self.documents) + len(self.identifiers)


def registers(citations: Citations, through: Follow = lambda chain: Through()) -> tuple[Register, ...]:
    """The change requests, then one register for each kind of identifier, in the order of the configuration;
    ``through`` follows a chain: it knows what else something was called."""
    kinds = citations.record.config.identifiers
    found: dict[str, list[Definition]] = defaultdict(list)
    for definition in held_definitions(citations):
        found[definition.section.identifier_kind].append(definition)
    citing = _citing_identifiers(citations)
    by_number = sorted(citations.index.by_number.items(), key=lambda item: natural(item[0]), reverse=True)
    requests = (_numbered(citations, number, chain) for number, chain in by_number)
    groups = tuple(_group(phase, tuple(rows), ()) for phase, rows in grouped(requests, lambda row: row.phase).items())
    slug = addresses.CHANGE_REQUESTS
    told = Register(slug, "Change requests", "Change request", addresses.register(slug), groups)
    others = (
        Register(
            kind.slug,
            kind.plural,
            kind.label,
            addresses.register(kind.slug),
            (*_number_groups(citations, kind.kind), *_groups(citations, found[kind.kind], through, citing)),
        )
        for kind in kinds
    )
    return (told, *others)


def not_held_register(citations: Citations) -> NotHeldRegister:
    """Everything that is cited and not held, with who cites it and where it is said to be; documents that many cite
    come first."""
    documents = [absent for absent in citations.not_held if not absent.citations[0].identifier]
    names = [absent for absent in citations.not_held if absent.citations[0].identifier]
    return NotHeldRegister(
        addresses.NOT_HELD,
        "Cited but not held",
        addresses.register(addresses.NOT_HELD),
        tuple(sorted((_absent(citations.record, absent) for absent in documents), key=lambda row: -row.documents)),
        tuple(_absent(citations.record, absent) for absent in sorted(names, key=lambda each: natural(each.name))),
    )


def identifiers_by_phase(citations: Citations) -> dict[str, tuple[Identifiers, ...]]:
    """The identifiers that the documents of each phase define, grouped for its page; by the phase's folder."""
    phases: dict[str, dict[str, list[Link]]] = defaultdict(lambda: defaultdict(list))
    titles = {kind.kind: kind.plural for kind in citations.record.config.identifiers}
    for definition in held_definitions(citations):
        phase, section = citations.record.phase(definition.document), definition.section
        if phase is None or not citations.index.is_current(definition.document):
            continue
        series = re.match(r"P\d+-[A-Z](?=\d)", section.identifier)
        title = titles[section.identifier_kind]
        group = f"{title} {series.group()}" if series else title
        phases[phase.folder][group].append(Link(section.identifier, _address(definition)))
    return {
        folder: tuple((title, tuple(links)) for title, links in groups.items()) for folder, groups in phases.items()
    }


def held_definitions(citations: Citations) -> list[Definition]:
    """One for each identifier and phase (or chain, outside phases), sorted by phase and name."""
    known = citations.index.definitions
    chain, is_current = citations.record.chain, citations.index.is_current
    held = {(each.section.identifier, each.document.phase_key): each for each in known.in_phase.values()}
    for (name, chain_id), definition in known.in_chain.items():
        key = name, definition.document.phase_key
        if definition.document.phase_key is None:
            held[f"{name} {chain_id}", None] = definition
        elif is_current(definition.document) and (key not in held or not is_current(held[key].document)):
            held[key] = definition
    order = [kind.kind for kind in citations.record.config.identifiers]

    def place(definition: Definition) -> tuple[int, int, str, tuple[tuple[int, str], ...]]:
        phase, section = definition.document.phase, definition.section
        kind = order.index(section.identifier_kind)
        where = "" if phase is not None else chain(definition.document).id
        return kind, -1 if phase is None else -phase, where, natural(section.identifier)

    return sorted(held.values(), key=place)


def _citing_identifiers(citations: Citations) -> _CitingDocuments:
    """(identifier, path of the document that defines it) → the documents that cite it."""
    found: _CitingDocuments = defaultdict(set)
    for document in citations.record.documents:
        for citation in citations.of(document.path):
            if citation.identifier and citation.target and citation.target != document.path:
                found[citation.identifier, citation.target].add(document.path)
    return found


def _groups(
    citations: Citations, found: Sequence[Definition], through: Follow, citing: _CitingDocuments
) -> Iterator[RegisterGroup]:
    """By phase. What an archived version defines and one in force has under another number is told with that one."""
    record = citations.record
    for phase, definitions in grouped(found, lambda each: _phase_link(record.phase(each.document))).items():
        rows, gone, told = list[IdentifierRow](), list[IdentifierRow](), set[tuple[str, str]]()
        for definition in sorted(definitions, key=lambda each: not citations.index.is_current(each.document)):
            holds = citations.index.is_current(definition.document)
            if not holds and (definition.section.identifier, definition.document.path) in told:
                continue
            called = _called(record, through(record.chain(definition.document)), definition)
            told |= {(name, document.path) for name, document in called}
            (rows if holds else gone).append(_row(record, definition, called, citing))
        yield _group(phase, tuple(rows), tuple(gone))


def _called(record: Record, through: Through, definition: Definition) -> list[Naming]:
    """The names of one thing, newest first, back to the version that first has it."""
    at = through.number(definition.document.path)
    thread = None if at is None else through.thread(at, definition.section.anchor)
    if thread is None or at is None:
        return [(definition.section.identifier, definition.document)]
    stages = thread.stages[: at - thread.first.at + 1]
    return [(stage.mark, record.by_path[through.versions[stage.at]]) for stage in reversed(stages)]


def numbers_said(called: Sequence[Naming]) -> tuple[str, str]:
    """("since v0.4", "Gate 8 in v0.3; Gate 7 in v0.1 to v0.2"); two empty ones for what always had its name."""
    runs = [(name, [document for _, document in run]) for name, run in groupby(called, lambda each: each[0])]
    if len(runs) < 2:
        return "", ""
    first, *others = ((name, version_word(run[-1].version), version_word(run[0].version)) for name, run in runs)
    earlier = (f"{name} in {one if one == last else f'{one} to {last}'}" for name, one, last in others)
    return f"since {first[1]}", "; ".join(earlier)


def _group(phase: Link | None, rows: tuple[IdentifierRow, ...], gone: tuple[IdentifierRow, ...]) -> RegisterGroup:
    return RegisterGroup(phase, re.sub(r"\W+", "-", phase.text.lower()) if phase else "outside-phases", rows, gone)


def _row(record: Record, definition: Definition, called: Sequence[Naming], citing: _CitingDocuments) -> IdentifierRow:
    document, section = definition.document, definition.section
    own = {version.path for version in record.chain(document).versions}
    others = {source for name, version in called for source in citing.get((name, version.path), ())} - own
    since, earlier = numbers_said(called)
    return IdentifierRow(
        identifier=Link(section.identifier, _address(definition)),
        text=section.title,
        document=full_link(record, document),
        phase=_phase_link(record.phase(document)),
        cited=_cited_by(len(others)),
        citing=_documents(record, others),
        since=since,
        earlier=earlier,
    )


def _documents(record: Record, paths: Iterable[str]) -> tuple[Link, ...]:
    return tuple(full_link(record, record.by_path[path]) for path in sorted(paths))


def _number_groups(citations: Citations, kind: str) -> Iterator[RegisterGroup]:
    """The documents that have a number of one kind, by phase; those that none is in force of are told as gone."""
    numbered = [each for each in citations.index.numbers.by_name.values() if each.kind == kind]
    numbered.sort(key=lambda each: natural(each.name))
    for phase, those in grouped(numbered, lambda each: _phase_link(citations.record.phase(each.chain.newest))).items():
        rows = tuple(_numbered(citations, each.shown, each.chain) for each in those if each.chain.current)
        gone = tuple(_numbered(citations, each.shown, each.chain) for each in those if not each.chain.current)
        yield _group(phase, rows, gone)


def _numbered(citations: Citations, number: str, chain: NeighbourChain) -> IdentifierRow:
    """A number that names a chain."""
    record, document = citations.record, chain.current or chain.newest
    others = {citation.source for version in chain.versions for citation in citations.by(version.path)}
    others -= {version.path for version in chain.versions}
    return IdentifierRow(
        identifier=Link(number, addresses.view(document)),
        text=document.title,
        document=Link(_versions(chain), addresses.history(chain.id)),
        phase=_phase_link(record.phase(document)),
        cited=_cited_by(len(others)),
        citing=_documents(record, others),
    )


def _versions(chain: NeighbourChain) -> str:
    held = chain.named()
    newest = version_word(chain.newest.version)
    return f"{newest}, {counted(len(held), 'version')}" if newest else counted(len(held), "version")


def _cited_by(documents: int) -> str:
    return f"by {counted(documents, 'document')}" if documents else "not cited elsewhere"


def _address(definition: Definition) -> str:
    return f"{addresses.view(definition.document)}#{definition.section.anchor}"


def _phase_link(phase: Phase | None) -> Link | None:
    return phase_link(phase) if phase else None


def _absent(record: Record, absent: Absent) -> AbsentRow:
    sources = list(dict.fromkeys(citation.source for citation in absent.citations))
    firsts = {citation.source: citation for citation in reversed(absent.citations)}  # of each document
    outcome: Outcome = "elsewhere" if absent.places else "unresolved"
    return AbsentRow(
        name=absent.name,
        outcome=outcome,
        places=absent.places,
        documents=len(sources),
        cited=f"{_cited_by(len(sources))}, {counted(len(absent.citations), 'mention')}{_unsaid(absent)}",
        namings=tuple(_naming(record, citation) for citation in reversed(firsts.values())),
    )


def _unsaid(absent: Absent) -> str:
    """Where some documents say where it is and others, on whose pages it is unresolved, do not."""
    saying = {citation.source for citation in absent.citations if citation.place}
    silent = len({citation.source for citation in absent.citations} - saying)
    return f"; {silent} of them {'does' if silent == 1 else 'do'} not say where it is" if saying and silent else ""


def _naming(record: Record, citation: Citation) -> NotHeldMention:
    source = full_link(record, record.by_path[citation.source])
    return NotHeldMention(source, section_words(citation), quote_of(citation))
