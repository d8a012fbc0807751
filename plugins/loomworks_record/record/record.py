"""The record: every document in its chain, with its standing. Immutable; made once from what was read."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

from loomworks_record.record.chains import Chain, Standing, chain_collisions, chain_problems, chains
from loomworks_record.record.filings import Filings, InForce, Moment
from loomworks_record.record.name_check import NameCheck
from loomworks_record.record.phases import Phase, PhaseFile, phases, read_phase_files
from loomworks_record.record.supersession import Supersession, supersession
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document
from loomworks_record.source.folding import fold
from loomworks_record.source.neighbour import Neighbour
from loomworks_record.source.problem import Problem, sort_key
from loomworks_record.source.store import Attachment, Content


@dataclass(frozen=True)
class Record:
    """What was read, and all that follows from names, folders and headers.

    Citations, trajectories and what else needs the whole text are made from it by their own modules.
    """

    config: RecordConfig
    content: Content
    filed: Mapping[str, Moment] = field(default_factory=dict, hash=False)  # by the path that each was filed at

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents, sorted by path."""
        return self.content.documents

    @cached_property
    def by_path(self) -> dict[str, Document]:
        return {document.path: document for document in self.documents}

    @cached_property
    def _by_public_path(self) -> dict[str, Document]:
        seen = {fold(document.public_path): document for document in self.documents}
        return seen | {document.public_path: document for document in self.documents}

    @cached_property
    def _attachments(self) -> dict[str, Attachment]:
        return {attachment.path: attachment for attachment in self.content.attachments}

    @cached_property
    def filings(self) -> Filings:
        return Filings(self.filed, self.config.notation)

    @cached_property
    def _former(self) -> dict[str, str]:
        """Path of a document that was renamed → its path before, as ``redirects:`` has it for their pages."""
        pairs = ((_viewed(target), _viewed(source)) for source, target in self.config.redirects)
        return {new: old for new, old in pairs if new and old}

    def filing(self, document: Document) -> Moment | None:
        """When a version was filed; without a filing its own date, or None."""
        return self.filings.of(document, self._former.get(document.public_path))

    def in_force(self, document: Document) -> InForce | None:
        """When a version was in force; see ``Filings.in_force``."""
        return self.filings.in_force(self.chain(document), document)

    def at(self, path: str, source: Neighbour | None = None) -> Document | None:
        """The document that a link names: what lies at the path, lay there, or will when it is archived. ``source``:
        the document that links. So a link outlives the move to ``archive/`` of either."""
        for wanted in self._meant(path, source):
            found = self.by_path.get(wanted) or self._by_public_path.get(wanted)
            if found:
                return found
        return None

    def attachment_at(self, path: str, source: Neighbour | None = None) -> Attachment | None:
        """The attachment that a link or an image names, likewise."""
        return next(filter(None, map(self._attachments.get, self._meant(path, source))), None)

    def _meant(self, path: str, source: Neighbour | None) -> Iterator[str]:
        """The path, and the same from where things lay before they were archived."""
        yield path
        yield self.config.notation.without_archive(path)
        if source is not None and source.path != source.public_path:
            written = posixpath.relpath(path, posixpath.dirname(source.path) or ".")
            yield posixpath.normpath(posixpath.join(posixpath.dirname(source.public_path), written))

    @property
    def made_of(self) -> tuple[object, ...]:
        """Plain values that tell this record from others, but for the bytes of attachments."""
        content = self.content
        filed = [(document.path, document.sha256) for document in content.documents]
        return (
            self.config, filed, [each.path for each in content.attachments], content.phase_files, content.problems,
            self.filed,
        )  # fmt: skip

    @cached_property
    def chains(self) -> tuple[Chain, ...]:
        """All chains, sorted by id."""
        return self._supersession.chains

    @cached_property
    def _supersession(self) -> Supersession:
        return supersession(chains(self.documents), self.config.statuses)

    @cached_property
    def chain_by_id(self) -> dict[str, Chain]:
        return {chain.id: chain for chain in self.chains}

    @cached_property
    def phase_files(self) -> tuple[Mapping[str, PhaseFile], tuple[Problem, ...]]:
        """Folder of a phase → what its phase.yml says, and what was wrong with these files."""
        return read_phase_files(self.content.phase_files)

    @cached_property
    def phases(self) -> tuple[Phase, ...]:
        """By number; folders without a number last. A title in phase.yml holds over our own."""
        titles = {folder: file.title for folder, file in self.phase_files[0].items() if file.title}
        return tuple(phases(self.documents, titles, self.config.kinds))

    @cached_property
    def _sections(self) -> dict[str, tuple[Document, ...]]:
        grouped: dict[str, list[Document]] = {}
        for document in self.documents:
            grouped.setdefault(document.section, []).append(document)
        return {section: tuple(documents) for section, documents in grouped.items()}

    def in_section(self, section: str) -> tuple[Document, ...]:
        """The documents of one section, by path."""
        return self._sections.get(section, ())

    @cached_property
    def _chain_of(self) -> dict[str, Chain]:
        return {document.path: chain for chain in self.chains for document in chain.versions}

    @cached_property
    def _phase_of(self) -> dict[str, Phase]:
        return {document.path: phase for phase in self.phases for document in phase.documents}

    def chain(self, document: Neighbour) -> Chain:
        return self._chain_of[document.path]

    def phase(self, document: Neighbour) -> Phase | None:
        return self._phase_of.get(document.path)

    def standing(self, document: Neighbour) -> Standing:
        return self.chain(document).standing(self.by_path[document.path])

    def against(self, document: Document) -> str:
        """What the header of a current document says against it; see ``Chain.against``."""
        return self.chain(document).against_of(document)

    def current(self, document: Neighbour) -> Document | None:
        """The version of its chain that holds today, or None when none does."""
        return self.chain(document).current

    def in_place_of(self, chain: Chain) -> Document | None:
        """What holds in the place of a chain that another document has replaced; None for any other chain."""
        if chain.replaced_by is None:
            return None
        after = self.chain(chain.replaced_by)
        return self.in_place_of(after) or after.current or chain.replaced_by

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What reading, names, headers, chains and standing show; sorted by place."""
        found: list[Problem] = list(self.content.problems)
        for chain in self.chains:
            found += chain_problems(chain, self.config.statuses)
        found += chain_collisions(self.chains)
        found += self._supersession.problems
        found += NameCheck(self.chains).problems()
        return sort_problems(found)


def _viewed(address: str) -> str:
    """The path whose page an address of the configuration is, or ""."""
    path = unquote(address.partition("#")[0])
    return path.removeprefix("/view/").removesuffix(".html") if path.startswith("/view/") else ""


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=sort_key))
