"""The index of a record: what its documents are found by. Made once; every lookup is one in a dictionary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from loomworks_record.record.chains import Chain
from loomworks_record.record.numbers import Numbers, numbers
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.folding import fold
from loomworks_record.source.kinds import REQUESTS
from loomworks_record.source.names import PhaseKey
from loomworks_record.source.version import Version, version_key
from loomworks_record.text.mentions.phrases import Subjects, folded
from loomworks_record.text.sections import Section, SectionIndex

_PREFIX = re.compile(r"^(?:loomworks-)?(?:phase-0*\d+-)?")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Definition:
    """Where an identifier is defined."""

    document: Document
    section: Section


class RecordIndex:
    """Names, numbers, kinds, subjects and identifiers of a record, each leading to what they name.

    ``sections`` gives the sections of a document, found by what they are cited by. What is read here of documents
    other than the citing one stands in ``seen.py`` too: it decides whether what was resolved before still holds.
    """

    def __init__(self, record: Record, sections: Callable[[Document], SectionIndex]) -> None:
        self.record = record
        self.sections = sections

    @cached_property
    def by_file(self) -> dict[str, list[Document]]:
        """The name of a file, with its extension, folded → documents."""
        found: dict[str, list[Document]] = defaultdict(list)
        for document in self.record.documents:
            found[fold(str(document.name))].append(document)
        return found

    @cached_property
    def by_stem(self) -> dict[str, list[Document]]:
        """The same without its extension."""
        found: dict[str, list[Document]] = defaultdict(list)
        for document in self.record.documents:
            found[fold(document.name.stem)].append(document)
        return found

    @cached_property
    def phase_of(self) -> dict[str, PhaseKey | None]:
        return {document.path: document.phase_key for document in self.record.documents}

    def phase_said(self, number: int, own: PhaseKey | None) -> PhaseKey:
        """The phase that a text in phase ``own`` calls by a number: its track's, else the only one that has it."""
        track = str(own).rpartition("/")[0]
        beside = f"{track}/{number}" if track else number
        among = self._phases_of.get(number, {beside})
        return next(iter(among)) if beside not in among and len(among) == 1 else beside

    @cached_property
    def _phases_of(self) -> dict[int, set[PhaseKey]]:
        found: dict[int, set[PhaseKey]] = defaultdict(set)
        for phase in self.record.phases:
            if phase.number is not None and phase.key is not None:
                found[phase.number].add(phase.key)
        return found

    @cached_property
    def top_folders(self) -> frozenset[str]:
        return frozenset(document.section for document in self.record.documents if document.section)

    @cached_property
    def attachments(self) -> frozenset[str]:
        return frozenset(attachment.path for attachment in self.record.content.attachments)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that something is filed in."""
        paths = (*self.record.by_path, *self.attachments)
        return frozenset(str(folder) for path in paths for folder in PurePosixPath(path).parents)

    @cached_property
    def chains_of(self) -> dict[tuple[PhaseKey | None, str], list[Chain]]:
        """(phase, kind) → chains; phase None for those outside phases."""
        found: dict[tuple[PhaseKey | None, str], list[Chain]] = defaultdict(list)
        for chain in self.record.chains:
            found[chain.newest.phase_key, chain.newest.kind].append(chain)
        return found

    @cached_property
    def chains_of_kind(self) -> dict[str, list[Chain]]:
        found: dict[str, list[Chain]] = defaultdict(list)
        for chain in self.record.chains:
            found[chain.newest.kind].append(chain)
        return found

    @cached_property
    def by_subject(self) -> dict[str, list[Chain]]:
        """The words of a chain's name ("brand guide") → chains."""
        found: dict[str, list[Chain]] = defaultdict(list)
        for chain in self.record.chains:
            found[chain_subject(chain)].append(chain)
        return found

    @cached_property
    def by_name_subject(self) -> dict[str, list[Chain]]:
        """The name of a chain's files without version → chains."""
        found: dict[str, list[Chain]] = defaultdict(list)
        for chain in self.record.chains:
            found[chain.newest.name.subject].append(chain)
        return found

    @cached_property
    def by_number(self) -> dict[str, Chain]:
        """CR number → the chain whose own header defines it.

        Where several do: the change request of a phase before other kinds, what is not an amendment of one
        before what is, the one with most versions.
        """
        defining: dict[str, dict[str, Chain]] = defaultdict(dict)
        for document in self.record.documents:
            number = document.cr_number
            if number:
                chain = self.record.chain(document)
                defining[number][chain.id] = chain
        return {number: max(chains.values(), key=_weight) for number, chains in defining.items()}

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers that name documents, by the rows of identifiers that say so."""
        return numbers(self.record)

    @cached_property
    def definitions(self) -> Definitions:
        """Where identifiers are defined."""
        found: list[Definition] = []
        for document in self.record.documents:
            sections = self.sections(document).sections
            found += (Definition(document, section) for section in sections if section.identifier)
        return Definitions(self, found)

    def is_current(self, document: Document) -> bool:
        return self.record.standing(document) == "current"

    def version_of(self, chain: Chain, version: Version) -> Document | None:
        """The named form of a held version."""
        return next((document for document in chain.versions if document.version == version), None)


def chain_subject(chain: Chain) -> str:
    """ "scoping note" for ``…/loomworks-phase-57-scoping-note``."""
    return folded(_PREFIX.sub("", chain.newest.name.subject))


def subjects(record: Record) -> Subjects:
    """The subjects that an author may name a chain by: of two words or more, or of one long one."""
    found = {chain_subject(chain) for chain in record.chains if chain.newest.version}
    return Subjects(name for name in found if len(name) > 5 and not _DATED.search(name.replace(" ", "-")))


def _weight(chain: Chain) -> tuple[bool, bool, int, str]:
    newest = chain.newest
    return newest.role in REQUESTS, newest.name.cycle is None, len(chain.named()), chain.id


class Definitions:
    """The definitions of a record: the one that holds in a document, in a chain, in a phase, and in the whole."""

    def __init__(self, index: RecordIndex, found: Iterable[Definition]) -> None:
        self.all = tuple(found)
        chain = index.record.chain
        self.in_document = {(each.section.identifier, each.document.path): each for each in reversed(self.all)}
        self.in_chain: dict[tuple[str, str], Definition] = {}
        self.in_phase: dict[tuple[str, PhaseKey], Definition] = {}
        for each in sorted(self.all, key=_newest):
            self.in_chain[each.section.identifier, chain(each.document).id] = each
        ranks = {path: _rank(index, document) for path, document in index.record.by_path.items()}
        for each in sorted(self.all, key=lambda definition: ranks[definition.document.path]):
            phase = index.phase_of[each.document.path]
            if phase is not None:
                self.in_phase[each.section.identifier, phase] = each
        self.in_record, self.claimed = self._in_record(index)

    def _in_record(self, index: RecordIndex) -> tuple[dict[str, Definition], dict[str, list[Definition]]]:
        """Those of kinds that a heading defines for the whole record: where one chain does, and where several do. A
        heading defines it before a row of a table does, and that before a label."""
        whole = {row.kind for row in index.record.config.identifiers if "heading" in row.defined_by}
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


def _rank(index: RecordIndex, document: Document) -> tuple[bool, bool, str, tuple[int, ...], str]:
    """Of several documents of one phase that define the same: current ones, a change request, the newest."""
    day = document.date.isoformat() if document.date else ""
    return index.is_current(document), document.role == "request", day, version_key(document.version), document.path
