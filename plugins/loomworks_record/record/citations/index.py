"""The index of a record: what its documents are found by. Made once; every lookup is one in a dictionary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeVar

from msgspec import Struct

from loomworks_record.record.chains import NeighbourChain
from loomworks_record.record.citations.citation import Resolution
from loomworks_record.record.numbers import Numbers, numbers
from loomworks_record.record.record import Record
from loomworks_record.source.folding import fold
from loomworks_record.source.kinds import REQUESTS
from loomworks_record.source.names import PhaseKey
from loomworks_record.source.neighbour import Neighbour
from loomworks_record.source.version import Version, version_key
from loomworks_record.text.mentions.phrases import Subjects, folded
from loomworks_record.text.sections import Section, SectionIndex

Group = dict[str, Neighbour]  # by path


class Alike:
    """Neighbours of one file name, where a record has a thousand of them (README.md) too."""

    def __init__(self, documents: Sequence[Neighbour]) -> None:
        self._documents = documents
        self._best: dict[tuple[str, object, str], Neighbour | None] = {}

    @cached_property
    def is_one_version(self) -> bool:
        return len({(document.chain, document.version) for document in self._documents}) == 1

    @cached_property
    def _groups(self) -> dict[tuple[str, object], Group]:
        found: dict[tuple[str, object], Group] = {}
        for document in self._documents:
            for key in _keys(document):
                found.setdefault(key, {})[document.path] = document
        return found

    def lies_in(self, folder: str) -> bool:
        """Whether one lies in a folder of that path, or of one that ends so; with a final slash."""
        return ("folder", folder) in self._groups

    def best(self, folder: str, own: Neighbour) -> Neighbour | None:
        """The one in the folder named, the own phase's, the one outside archive/; None where chains are as good."""
        if len(self._documents) == 1:
            return self._documents[0]
        key = folder, own.phase_folder, own.section
        if key not in self._best:
            self._best[key] = self._found(("folder", folder), ("phase", own.phase_folder), ("section", own.section))
        return self._best[key]

    def _found(self, *keys: tuple[str, object]) -> Neighbour | None:
        kept: Group = {}
        for group in filter(None, map(self._groups.get, keys)):
            small, large = sorted((kept or group, group), key=len)
            kept = {path: small[path] for path in small if path in large} or kept
        if not kept:
            kept = {document.path: document for document in self._documents}
        documents = list(kept.values())
        documents = [each for each in documents if not each.archived_by_folder] or documents
        documents = [each for each in documents if each.form == "md"] or documents
        return documents[0] if len({each.chain for each in documents}) == 1 else None


def _keys(document: Neighbour) -> Iterable[tuple[str, object]]:
    folders = document.path.split("/")[:-1]
    yield from (("folder", "/".join((*folders[at:], ""))) for at in range(len(folders)))
    if document.phase_folder is not None:
        yield "phase", document.phase_folder
    yield "section", document.section


Item = TypeVar("Item")
Key = TypeVar("Key")
_VERSION_LABELS = ("version", "revision")  # how the labels of a version end
_PREFIX = re.compile(r"^(?:loomworks-)?(?:phase-0*\d+-)?")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


class Definition(Struct, frozen=True):
    """Where an identifier is defined."""

    document: Neighbour
    section: Section


class RecordIndex:
    """Names, numbers, kinds, subjects and identifiers of a record, each leading to what they name.

    ``sections`` gives the sections of a document, found by what they are cited by. Of documents and chains it gives
    what others may see.
    """

    def __init__(self, record: Record, sections: Callable[[Neighbour], SectionIndex]) -> None:
        self._record = record
        self.config = record.config
        self.documents: Sequence[Neighbour] = record.documents
        self.chains: Sequence[NeighbourChain] = record.chains
        self.sections = sections
        self._alike: dict[str, Alike | None] = {}

    def chain(self, document: Neighbour) -> NeighbourChain:
        return self._record.chain(document)

    def resolution(
        self, document: Neighbour, chain: NeighbourChain, now: Neighbour | None = None, section: str | None = None
    ) -> Resolution:
        """That of a mention of a held document: superseded by the one that holds ``now``, if any."""
        return Resolution(
            "superseded" if now else "held",
            self._numbers[document.path],
            section,
            self.chain_number(chain),
            self._numbers[now.path] if now else None,
        )

    def chain_number(self, chain: NeighbourChain) -> int:
        return self._chain_numbers[chain.id]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {document.path: number for number, document in enumerate(self.documents)}

    @cached_property
    def _chain_numbers(self) -> dict[str, int]:
        return {chain.id: number for number, chain in enumerate(self.chains)}

    def in_place_of(self, chain: NeighbourChain) -> Neighbour | None:
        """See ``Record.in_place_of``."""
        return self._record.in_place_of(self._record.chain_by_id[chain.id])

    def at(self, path: str, source: Neighbour | None = None) -> Neighbour | None:
        """See ``Record.at``."""
        return self._record.at(path, source)

    def is_attached(self, path: str, source: Neighbour) -> bool:
        """Whether a link or an image in ``source`` names an attachment by that path."""
        return self._record.attachment_at(path, source) is not None

    def heading(self, document: Neighbour) -> str | None:
        """The heading above the body, which a link may lead to."""
        return self._record.by_path[document.path].header.title

    def said_versions(self, document: Neighbour) -> tuple[str, ...]:
        """What the header says of versions: its status, "" without one, then the values of labels of a version."""
        header = self._record.by_path[document.path].header
        fields = (each for each in header.fields if each.label.casefold().endswith(_VERSION_LABELS))
        return header.first("status") or "", *(each.value for each in fields)

    @cached_property
    def current(self) -> frozenset[str]:
        """The paths of the documents that are current."""
        record = self._record
        return frozenset(each.path for each in record.documents if record.standing(each) == "current")

    def is_current(self, document: Neighbour) -> bool:
        return document.path in self.current

    @cached_property
    def by_file(self) -> dict[str, list[Neighbour]]:
        """The name of a file, with its extension, folded → documents."""
        return _grouped(self.documents, lambda each: fold(str(each.name)))

    @cached_property
    def by_stem(self) -> dict[str, list[Neighbour]]:
        """The same without its extension."""
        return _grouped(self.documents, lambda each: fold(each.name.stem))

    def alike(self, file: str) -> Alike | None:
        """The documents that ``file`` names, folded, with its extension or without."""
        if file not in self._alike:
            found = self.by_file.get(file)
            if found is None and "." not in file[-5:]:
                found = self.by_stem.get(file.removesuffix(".md"))
            self._alike[file] = Alike(found) if found else None
        return self._alike[file]

    @cached_property
    def phase_of(self) -> dict[str, PhaseKey | None]:
        return {document.path: document.phase_key for document in self.documents}

    def phase_said(self, number: int, own: PhaseKey | None) -> PhaseKey:
        """The phase that a text in phase ``own`` calls by a number: its track's, else the only one that has it."""
        track = str(own).rpartition("/")[0]
        beside = f"{track}/{number}" if track else number
        among = self._phases_of.get(number, {beside})
        return next(iter(among)) if beside not in among and len(among) == 1 else beside

    @cached_property
    def _phases_of(self) -> dict[int, set[PhaseKey]]:
        found: dict[int, set[PhaseKey]] = defaultdict(set)
        for phase in self._record.phases:
            if phase.number is not None and phase.key is not None:
                found[phase.number].add(phase.key)
        return found

    @cached_property
    def top_folders(self) -> frozenset[str]:
        return frozenset(document.section for document in self.documents if document.section)

    @cached_property
    def attachments(self) -> frozenset[str]:
        return frozenset(attachment.path for attachment in self._record.content.attachments)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that something is filed in."""
        paths = (*(document.path for document in self.documents), *self.attachments)
        return frozenset(str(folder) for path in paths for folder in PurePosixPath(path).parents)

    @cached_property
    def chains_of(self) -> dict[tuple[PhaseKey | None, str], list[NeighbourChain]]:
        """(phase, kind) → chains; phase None for those outside phases."""
        return _grouped(self.chains, lambda each: (each.newest.phase_key, each.newest.kind))

    @cached_property
    def chains_of_kind(self) -> dict[str, list[NeighbourChain]]:
        return _grouped(self.chains, lambda each: each.newest.kind)

    @cached_property
    def by_subject(self) -> dict[str, list[NeighbourChain]]:
        """The words of a chain's name ("brand guide") → chains."""
        return _grouped(self.chains, lambda each: chain_subject(each))

    @cached_property
    def by_name_subject(self) -> dict[str, list[NeighbourChain]]:
        """The name of a chain's files without version → chains."""
        return _grouped(self.chains, lambda each: each.newest.name.subject)

    @cached_property
    def by_number(self) -> dict[str, NeighbourChain]:
        """CR number → the chain whose own header defines it.

        Where several do: the change request of a phase before other kinds, what is not an amendment of one
        before what is, the one with most versions.
        """
        defining: dict[str, dict[str, NeighbourChain]] = defaultdict(dict)
        for document in self.documents:
            number = document.cr_number
            if number:
                chain = self.chain(document)
                defining[number][chain.id] = chain
        return {number: max(chains.values(), key=_weight) for number, chains in defining.items()}

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers that name documents, by the rows of identifiers that say so."""
        return numbers(self._record)

    @cached_property
    def definitions(self) -> Definitions:
        """Where identifiers are defined."""
        found: list[Definition] = []
        for document in self.documents:
            sections = self.sections(document).sections
            found += (Definition(document, section) for section in sections if section.identifier)
        return Definitions(self, found)

    def version_of(self, chain: NeighbourChain, version: Version) -> Neighbour | None:
        """The named form of a held version."""
        return next((document for document in chain.versions if document.version == version), None)


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    found: dict[Key, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def chain_subject(chain: NeighbourChain) -> str:
    """ "scoping note" for ``…/loomworks-phase-57-scoping-note``."""
    return folded(_PREFIX.sub("", chain.newest.name.subject))


def subjects(record: Record) -> Subjects:
    """The subjects that an author may name a chain by."""
    found = {chain_subject(chain) for chain in record.chains if chain.newest.version}
    return Subjects(name for name in found if len(name) > 3 and not _DATED.search(name.replace(" ", "-")))


def _weight(chain: NeighbourChain) -> tuple[bool, bool, int, str]:
    newest = chain.newest
    return newest.role in REQUESTS, newest.name.cycle is None, len(chain.named()), chain.id


class Definitions:
    """The definitions of a record: the one that holds in a document, in a chain, in a phase, and in the whole."""

    def __init__(self, index: RecordIndex, found: Iterable[Definition]) -> None:
        self.all = tuple(found)
        chain = index.chain
        self.in_document = {(each.section.identifier, each.document.path): each for each in reversed(self.all)}
        self.in_chain: dict[tuple[str, str], Definition] = {}
        self.in_phase: dict[tuple[str, PhaseKey], Definition] = {}
        for each in sorted(self.all, key=_newest):
            self.in_chain[each.section.identifier, chain(each.document).id] = each
        ranks = {document.path: _rank(index, document) for document in index.documents}
        for each in sorted(self.all, key=lambda definition: ranks[definition.document.path]):
            phase = index.phase_of[each.document.path]
            if phase is not None:
                self.in_phase[each.section.identifier, phase] = each
        self.in_record, self.claimed = self._in_record(index)

    def _in_record(self, index: RecordIndex) -> tuple[dict[str, Definition], dict[str, list[Definition]]]:
        """Those of kinds that a heading defines for the whole record: where one chain does, and where several do. A
        heading defines it before a row of a table does, and that before a label."""
        whole = {row.kind for row in index.config.identifiers if "heading" in row.defined_by}
        found: dict[str, list[Definition]] = defaultdict(list)
        for each in self.in_chain.values():
            if each.section.identifier_kind in whole:
                found[each.section.identifier].append(each)
        best = {name: _of_kind(among) for name, among in found.items()}
        several = {name: among for name, among in best.items() if len(among) > 1}
        return {name: among[0] for name, among in best.items() if len(among) == 1}, several


def _of_kind(among: list[Definition]) -> list[Definition]:
    kind = min((each.section.kind for each in among), key=("heading", "row", "label").index)
    return [each for each in among if each.section.kind == kind]


def _newest(definition: Definition) -> tuple[tuple[int, ...], bool]:
    document = definition.document
    return version_key(document.version), document.form == "md"


def _rank(index: RecordIndex, document: Neighbour) -> tuple[bool, bool, str, tuple[int, ...], str]:
    """Of several documents of one phase that define the same: current ones, a change request, the newest."""
    day = document.date.isoformat() if document.date else ""
    return index.is_current(document), document.role == "request", day, version_key(document.version), document.path
