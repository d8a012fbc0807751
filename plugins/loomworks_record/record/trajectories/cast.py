"""Who takes part in a phase's trajectory: its documents, held or only cited, sorted into their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from msgspec import Struct

from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.named_documents import (
    CitationsOf,
    NamedDocument,
    NamedNotHeld,
    named_documents,
)
from loomworks_record.record.trajectories.requests import Requests, change_requests
from loomworks_record.source.document import Document, read_document
from loomworks_record.source.kinds import AMENDMENTS, REQUESTS


class Participant(Struct, frozen=True):
    """One version of one document. Of one that is not held, ``document`` is made from its name alone."""

    document: Document
    held: bool = True
    place: str = ""
    named_by: tuple[Document, ...] = ()

    @property
    def subject(self) -> str:
        return self.document.name.subject

    @property
    def date(self) -> date | None:
        return self.document.date


@dataclass(frozen=True)
class Cast:
    """The parts of one phase. ``halts_elsewhere`` are halt notes of this phase that are filed outside its folder,
    ``not_held`` the phase's documents that are only named."""

    record: Record
    phase: Phase
    citations_of: CitationsOf
    halts_elsewhere: tuple[Document, ...]
    not_held: tuple[NamedNotHeld, ...]
    _names: dict[str, tuple[NamedDocument, ...]] = field(default_factory=dict, repr=False, compare=False)

    def names(self, document: Document) -> tuple[NamedDocument, ...]:
        """The documents that a held document names, in order of place."""
        if document.path not in self._names:
            self._names[document.path] = tuple(named_documents(self.record, self.citations_of(document.path)))
        return self._names[document.path]

    @cached_property
    def requests(self) -> Requests:
        return Requests(
            self.phase.number, change_requests(self.record, self.phase), self.record.config.kinds, self.names
        )

    @cached_property
    def held(self) -> tuple[Participant, ...]:
        """One part for each held version (of twins, the ``.md``), by path."""
        documents = [*self.phase.documents, *self.halts_elsewhere]
        chains = {chain.id: chain for chain in map(self.record.chain, documents)}
        named = {document.path for chain in chains.values() for document in chain.named()}
        return tuple(Participant(document) for document in documents if document.path in named)

    @cached_property
    def halts(self) -> Mapping[str, tuple[Participant, ...]]:
        """Subject of a halt note → its versions, oldest first; those that are only named too."""
        found: dict[str, list[Participant]] = defaultdict(list)
        for part in self.held:
            if part.document.role == "halt":
                found[part.subject].append(part)
        for part in self._only_named():
            if part.document.role == "halt" and all(p.held is False for p in found[part.subject]):
                found[part.subject].append(part)
        return {subject: tuple(parts) for subject, parts in found.items()}

    @cached_property
    def amendments(self) -> Mapping[int, tuple[Participant, ...]]:
        """Number of a cycle → its amendment documents: held ones, and those that a change request or another
        amendment document names."""
        found: dict[int, list[Participant]] = defaultdict(list)
        held = {part.subject for part in self.held}
        for part in self.held:
            if self._amends(part.document):
                found[part.document.name.cycle or 1].append(part)
        for part in self._only_named():
            taken_up = any(d.role in REQUESTS or self._amends(d) for d in part.named_by)
            if self._amends(part.document) and part.subject not in held and taken_up:
                found[part.document.name.cycle or 1].append(part)
        return {number: tuple(found[number]) for number in sorted(found)}

    @cached_property
    def others(self) -> tuple[Participant, ...]:
        """What is left: neither halt notes, amendment documents nor versions of the phase's change requests.
        Of findings that are only named, those that a document took as its input."""
        requests = {document.path for document in self.requests.versions()}
        amendments = {part.document.path for parts in self.amendments.values() for part in parts}
        taken = requests | amendments
        left = [p for p in self.held if p.document.path not in taken and p.document.role != "halt"]
        held = {part.subject for part in self.held}
        findings = [p for p in self._inputs() if p.document.role == "findings" and p.subject not in held]
        return (*left, *(part for part in findings if part.document.path not in taken))

    def _only_named(self) -> Iterator[Participant]:
        for each in self.not_held:
            yield self._named_part(each, tuple(document for document, _ in each.named_by))

    def _inputs(self) -> Iterator[Participant]:
        """What is only named, with those documents of the phase that name it as something that is there. A text
        that lists its inputs in its header may name in its body what is yet to be written."""
        own = {document.path for document in self.phase.documents}
        for each in self.not_held:
            by = [d for d, citation in each.named_by if d.path in own and (citation.field or not self._lists_inputs(d))]
            if by:
                yield self._named_part(each, tuple(by))

    def _lists_inputs(self, document: Document) -> bool:
        return any(citation.field for citation in self.citations_of(document.path))

    def _named_part(self, each: NamedNotHeld, by: tuple[Document, ...]) -> Participant:
        return Participant(
            read_document(str(each.name), b"", self.record.config.kinds, self.record.config.notation),
            False,
            each.place,
            by,
        )

    def _amends(self, document: Document) -> bool:
        """Whether it is an amendment document: by its kind, or because its name says so."""
        if document.role in REQUESTS:
            return document.role == "amending"
        if document.role == "halt":
            return False
        about = document.name.numbers_cycle or self.record.config.kinds.amends(document.name)
        return document.role in AMENDMENTS or about
