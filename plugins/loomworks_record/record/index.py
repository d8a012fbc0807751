"""The index of a record: what its documents are found by. Made once; every lookup is one in a dictionary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from loomworks_record.record.chains import Chain
from loomworks_record.record.phrases import folded
from loomworks_record.record.record import Record
from loomworks_record.record.sections import Section, SectionIndex
from loomworks_record.source.document import Document
from loomworks_record.source.names import parse_name
from loomworks_record.source.version import Version, version_key

_PREFIX = re.compile(r"^(?:loomworks-)?(?:phase-0*\d+-)?")
_CYCLE = re.compile(r"amendment(?:-(?P<number>\d+))?-(?:scoping|handoff)")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Definition:
    """Where an identifier is defined."""

    document: Document
    section: Section


class RecordIndex:
    """Names, numbers, kinds, subjects and identifiers of a record, each leading to what they name."""

    def __init__(self, record: Record, sections: Mapping[str, SectionIndex]) -> None:
        self.record = record
        self.sections = sections
        self.by_file: dict[str, list[Document]] = defaultdict(list)
        self.by_stem: dict[str, list[Document]] = defaultdict(list)
        for document in record.documents:
            self.by_file[str(document.name)].append(document)
            self.by_stem[document.name.stem].append(document)
        self.top_folders = {document.section for document in record.documents if document.section}

    @cached_property
    def chains_of(self) -> dict[tuple[int | None, str], list[Chain]]:
        """(phase number, kind) → chains; phase None for those outside ``phases/``."""
        found: dict[tuple[int | None, str], list[Chain]] = defaultdict(list)
        for chain in self.record.chains:
            found[chain.newest.phase, chain.newest.kind].append(chain)
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

        Where several do: the change request of a phase before other kinds, what is no amendment of one
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
    def definitions(self) -> dict[str, list[Definition]]:
        """Identifier → every place that defines it."""
        found: dict[str, list[Definition]] = defaultdict(list)
        for document in self.record.documents:
            index = self.sections.get(document.path)
            for section in index.sections if index else ():
                if section.identifier:
                    found[section.identifier].append(Definition(document, section))
        return found

    def section_index(self, document: Document) -> SectionIndex | None:
        return self.sections.get(document.path)

    def is_current(self, document: Document) -> bool:
        return self.record.standing(document) == "current"

    def version_of(self, chain: Chain, version: Version) -> Document | None:
        """The named form of a held version."""
        return next((document for document in chain.versions if document.version == version), None)


def chain_subject(chain: Chain) -> str:
    """ "scoping note" for ``…/loomworks-phase-57-scoping-note``."""
    return folded(_PREFIX.sub("", chain.newest.name.subject))


def subjects(record: Record) -> set[str]:
    """The subjects that an author may name a chain by: of two words or more, or of one long one."""
    found = {chain_subject(chain) for chain in record.chains if chain.newest.version}
    return {subject for subject in found if len(subject) > 5 and not _DATED.search(subject.replace(" ", "-"))}


def cycle_of(name: str) -> int | None:
    """The cycle that an amendment's name says: 2 of ``…-cr-amendment-2-handoff``; none means 1."""
    found = _CYCLE.search(parse_name(name).subject)
    return int(found["number"] or 1) if found else None


def best_chain(chains: Iterable[Chain]) -> Chain | None:
    return max(chains, key=_weight, default=None)


def _weight(chain: Chain) -> tuple[bool, bool, int, str]:
    newest = chain.newest
    return newest.kind == "change-request", "amendment" not in newest.name.subject, len(chain.named()), chain.id


def definition_rank(index: RecordIndex, definition: Definition) -> tuple[bool, bool, str, tuple[int, int, int], str]:
    """Of several definitions in one phase: current ones, a change request's, the newest."""
    document = definition.document
    day = document.date.isoformat() if document.date else ""
    main = document.kind == "change-request" and "amendment" not in document.name.subject
    return index.is_current(document), main, day, version_key(document.version), document.path
