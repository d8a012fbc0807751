"""What a record may be asked for: its phases, chains, versions, identifiers, halts and lists, with their addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from msgspec.structs import replace

from loomworks_record.asking.look import section_anchor
from loomworks_record.asking.table import NameEntry, What
from loomworks_record.pages import addresses
from loomworks_record.pages.wording import MOVED_GROUND, counted, full_name, listed, natural, version_word
from loomworks_record.record.chains import Chain
from loomworks_record.record.citations.index import RecordIndex, chain_subject
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.source.kinds import REQUESTS, ROLES
from loomworks_record.source.names import PhaseKey
from loomworks_record.source.neighbour import Neighbour
from loomworks_record.text.mentions.phrases import folded
from loomworks_record.text.sections import SectionIndex

_PHASE, _REQUEST, _CHAIN, _IDENTIFIER, _HALT = range(5)  # of things that fit alike, the first is meant first


def whole_entries(whole: Whole) -> list[NameEntry]:
    """The things of a record, with its identifiers, halts, and the numbers of sections."""
    sections = whole.citations.index.sections

    def with_sections(entry: NameEntry) -> NameEntry:
        document = whole.record.by_path.get(entry.path)
        if document is None or entry.what not in ("CR", "chain", "version"):
            return entry
        numbers = (each.number for each in sections(document).sections if each.anchor == section_anchor(each.number))
        return replace(entry, sections=" ".join(dict.fromkeys(filter(None, numbers))))

    return [*map(with_sections, name_entries(whole.record)), *_identifiers(whole), *_halts(whole)]


def name_entries(record: Record) -> Iterator[NameEntry]:
    """What the names and headers of a record say may be asked for: documents, phases, lists. Reads no text."""
    yield from map(_phase, record.phases)
    index = RecordIndex(record, lambda document: SectionIndex(()))
    numbers: dict[str, list[str]] = defaultdict(list)
    for number, chain in index.by_number.items():
        numbers[chain.id].append(number)
    for numbered in index.numbers.by_name.values():
        numbers[numbered.chain.id].append(numbered.shown)
    called: dict[tuple[PhaseKey | None, str], set[str]] = defaultdict(set)
    for chain in record.chains:
        called[chain.newest.phase_key, chain.newest.kind].update(_own_words(chain))
    for chain in record.chains:
        subjects = called[chain.newest.phase_key, chain.newest.kind]
        yield from _chain(record, chain, numbers[chain.id], subjects)
    yield from _lists(record)


def _phase(phase: Phase) -> NameEntry:
    mark = str(phase.key).rpartition("/")[2]
    number = () if phase.number is None else (f"phase {mark}", mark, f"p{mark}")
    return NameEntry(
        "phase", phase.heading, addresses.url(addresses.phase(phase.folder)), (*number, phase.folder, phase.title),
        " ".join((phase.heading, "current")), _order(_PHASE, phase=phase.number),
        about=counted(len(phase.documents), "document"),
    )  # fmt: skip


def _chain(record: Record, chain: Chain, numbers: list[str], subjects: set[str]) -> Iterator[NameEntry]:
    held = chain.newest
    names = tuple(_chain_names(record, chain, numbers, subjects))
    folders = " ".join(held.path.split("/")[:-1])
    phase = "" if held.phase is None else f"phase {held.phase} {held.phase} p{held.phase}"
    title = f"{held.title} {held.name.subject} {' '.join(record.config.kinds.row(held.kind).words)}"
    words = f"{title} {folders} {phase} {' '.join(numbers)}"
    versions = chain.named()
    history = addresses.url(addresses.history(chain.id)) if len(versions) > 1 else ""
    about = f"{version_word(held.version)} of {counted(len(versions), 'version')}" if history else ""
    what: What = "CR" if held.role in REQUESTS and numbers else "chain"
    for document in versions:
        standing = chain.standing(document)
        values: dict[str, Any] = {
            "address": addresses.url(addresses.view(document)), "path": document.path, "standing": standing,
            "version": str(document.version or ""), "more": history,
        }  # fmt: skip
        version = version_word(document.version)
        name = numbers[0] if numbers else listed(record, held).removesuffix(version).rstrip(" ,·—–-")
        if document is held:
            # A title that says its version names that.
            titled = () if version and version in held.title else (held.title,)
            order = _order(_REQUEST if held.role == "request" else _CHAIN, standing == "archived", document)
            own = (*names, *titled)
            yield NameEntry(what, name, names=own, words=words, order=order, about=about, **values)
        if document.version is not None:
            stems, own = (*names, document.title), (document.name.stem, document.path)
            # Of change requests the newest phase is meant, whatever has come after the version that is said.
            late = standing == "archived" and document.role != "request"
            order = _order(_REQUEST if document.role == "request" else _CHAIN, late, document)
            instead = chain.current if standing == "archived" else None
            now = f"now {version_word(instead.version)}" if instead else ""
            yield NameEntry(
                "version", f"{name} {version}", names=own, words=words, order=order, stems=stems, about=now, **values
            )


def _chain_names(record: Record, chain: Chain, numbers: list[str], subjects: set[str]) -> Iterator[str]:
    """What names a chain whole: its number, the name of its files, its kind, each alone and within its phase."""
    held = chain.newest
    kind = record.config.kinds.row(held.kind)
    subject = held.name.subject or held.path.rpartition("/")[0].rpartition("/")[2]
    yield from (*numbers, subject, subject.removeprefix("loomworks-"), held.short_name)
    words = [] if held.role == "amending" else list(dict.fromkeys((*kind.words, kind.label)))
    own = _own_words(chain)
    for word in words:
        # "methodology" is the document of that name, where there is one, and none beside it.
        others = folded(word) in subjects and folded(word) not in own
        if others or (word.startswith("close ") and "close" not in subject):
            continue
        yield word
        if held.phase is not None:
            yield f"phase {held.phase} {word}"
    # "handoff" is a kind of its own, and a session handoff is one too.
    yield from record.config.kinds.single_words.intersection(word.split()[-1] for word in words).difference(words)
    if held.phase is not None:
        yield f"phase {held.phase} {held.short_name}"


def _own_words(chain: Chain) -> tuple[str, str]:
    return chain_subject(chain), folded(chain.newest.short_name)


def _identifiers(whole: Whole) -> Iterator[NameEntry]:
    # What texts say is asked for seldom by a command, and these two take a fifth of a second to load.
    from loomworks_record.pages.registers import held_definitions  # noqa: PLC0415

    record = whole.record
    labels = {kind.kind: kind.label for kind in record.config.identifiers}
    for place, definition in enumerate(held_definitions(whole.citations)):
        document, section = definition.document, definition.section
        phase = "" if document.phase is None else f"phase {document.phase}"
        name = section.identifier
        where = f"{full_name(record, document)}{f' §{section.number}' if section.number else ''}"
        yield NameEntry(
            "identifier", f"{name} · {phase[:1].upper()}{phase[1:]}" if phase else name,
            addresses.url(addresses.view(document)) + f"#{section.anchor}",
            (name, f"{phase} {name}"), f"{name} {phase}",
            _order(_IDENTIFIER, record.standing(document) == "archived", document, place),
            document.path, str(document.version or ""), record.standing(document),
            f"{labels[section.identifier_kind].lower()} defined in {where}",
        )  # fmt: skip


def _halts(whole: Whole) -> Iterator[NameEntry]:
    from loomworks_record.pages.overviews import halted_cycles  # noqa: PLC0415 - as above
    from loomworks_record.pages.trajectory_words import cycle_title  # noqa: PLC0415 - as above

    for phase, cycle in halted_cycles(whole.stories):
        event, at = cycle.halted, f"phase {phase.number}" if phase.number is not None else phase.folder
        note = event.path if event and event.path else ""
        page = addresses.url(addresses.phase(phase.folder)) + f"#cycle-{cycle.number}"
        held = addresses.url(addresses.view(whole.record.by_path[note])) if note else page
        number = cycle.number
        yield NameEntry(
            "halt", f"{cycle_title(cycle)} · {phase.label}", held,
            (f"halt {number}", f"{at} halt {number}", f"{at} cycle {number}", f"{at} {cycle_title(cycle)}"),
            f"{at} halt cycle {phase.title}", _order(_HALT, phase=phase.number, place=cycle.number), note,
            about=cycle.state,
        )  # fmt: skip


def _lists(record: Record) -> Iterator[NameEntry]:
    titles = [(addresses.CHANGE_REQUESTS, "Change requests", "CR")]
    titles += [(addresses.NOT_HELD, "Cited but not held", "not held")]
    titles += [(kind.slug, kind.plural, kind.label) for kind in record.config.identifiers]
    titles += [("problems", "Problems", "problem"), ("halts", "Halts", "halt"), ("moved", MOVED_GROUND, "moved ground")]
    listing = [(title, addresses.register(slug), (title, slug, short)) for slug, title, short in titles]
    pages = [("Phases", addresses.PHASES), ("Registers", addresses.REGISTERS), ("Documents", addresses.documents())]
    pages += [("Filed", addresses.filed()), ("Integrity", addresses.INTEGRITY)]
    listing += [(title, address, (title, title, title)) for title, address in pages]
    for place, (title, address, names) in enumerate(listing):
        yield NameEntry("register", title, addresses.url(address), names, "register", _order(0, place=place))
    listed_at = addresses.url(addresses.documents())
    kinds = sorted({document.kind for document in record.documents})
    for place, row in enumerate(map(record.config.kinds.row, kinds)):
        address = f"{listed_at}?kind={quote(row.kind)}"
        yield NameEntry("kind", f"Every {row.label}", address, (row.label, *row.words), "", _order(1, place=place))
    for place, section in enumerate(sorted({document.section for document in record.documents if document.section})):
        address = f"{listed_at}?section={quote(section)}"
        yield NameEntry("section", f"Everything in {section}", address, (section,), "", _order(2, place=place))


def _order(
    sort: int, archived: bool = False, document: Neighbour | None = None, place: int = 0, phase: int | None = None
) -> tuple[Any, ...]:
    """Current before archived, the newest phase, a request before what is about it, the newest, the shortest name."""
    if document is None:
        return (archived, sort, -(phase or 0), 0, 0, place, 0, "")
    day = document.date.toordinal() if document.date else 0
    size = len(document.name.subject.split("-"))
    rank = ROLES.index(document.role) if document.role else len(ROLES)
    phase = document.phase
    dated = 0 if phase is not None else -day
    return (archived, sort, -(phase or 0), dated, rank, place, size, natural(document.path))
