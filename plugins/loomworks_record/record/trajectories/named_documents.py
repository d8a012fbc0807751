"""What citations name: the documents of a phase, held or not, by their file names and versions.

Trajectories are told from documents that are named as documents. A citation of an identifier, of a section or of a
bare CR number leads to whatever document holds it today, and so says nothing of what its author had before him.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct

from loomworks_record.record.citations.citation import Citation
from loomworks_record.record.record import Record
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document
from loomworks_record.source.folding import fold
from loomworks_record.source.kinds import REQUESTS
from loomworks_record.source.names import Name, PhaseKey, parse_name
from loomworks_record.source.version import Version, parse_version

CitationsOf = Callable[[str], Sequence[Citation]]

_PHASE_FILE = re.compile(r"(?:loomworks-)?phase-0*\d+[a-z]?-[\w-]*\w(?:\.(?:md|html))?", re.ASCII)
_VERSION = re.compile(r"(?<![\w.])v\d+[._]\d+(?:[._]\d+)?(?![\w])|-v\d+_\d+", re.IGNORECASE)


class NamedDocument(Struct, frozen=True):
    """A document that a citation names. ``subject`` is its name without version, "" for words ("CR v0.4") that
    name none that is held; ``path`` is None when it is not held."""

    subject: str
    version: Version | None
    path: str | None
    citation: Citation


class NamedNotHeld(Struct, frozen=True):
    """A document of a phase that is named and not held. ``named_by`` are the documents that name it, each with
    the citation, in order of path and place."""

    name: Name
    named_by: tuple[tuple[Document, Citation], ...]

    @property
    def place(self) -> str:
        """Where the first text that says so says that it is held, or ""."""
        return next((citation.place for _, citation in self.named_by if citation.place), "")


class Outside(Struct, frozen=True):
    """What belongs to phases and does not lie in their folders, by the number of the phase: documents that are
    only named, and halt notes that are filed in no phase's folder."""

    not_held: Mapping[PhaseKey, tuple[NamedNotHeld, ...]]
    halts: Mapping[PhaseKey, tuple[Document, ...]]


def outside(record: Record, citations_of: CitationsOf) -> Outside:
    """One pass over all documents and citations."""
    halts: dict[PhaseKey, list[Document]] = defaultdict(list)
    for document in record.documents:
        phase = document.name.phase_key
        if document.role == "halt" and phase is not None and document.phase_folder is None:
            halts[phase].append(document)
    return Outside(_not_held(record, citations_of), {number: tuple(documents) for number, documents in halts.items()})


def named_documents(record: Record, citations: Iterable[Citation]) -> Iterator[NamedDocument]:
    """The documents that ``citations`` name, in their order, each as often as it is named."""
    bare = _bare(record.config)
    for citation in citations:
        held = record.by_path.get(citation.target or "")
        if held is not None:
            words = fold(citation.text)
            if bare.fullmatch(words) is None and (held.role not in REQUESTS or _versioned(words)):
                yield NamedDocument(held.name.subject, held.version, held.path, citation)
        elif citation.target is None:
            name = named_file(citation)
            if name is not None:
                yield NamedDocument(name.subject, name.version, None, citation)
            elif found := _VERSION.search(words_of(citation)):
                yield NamedDocument("", parse_version(found.group()), None, citation)


def _not_held(record: Record, citations_of: CitationsOf) -> Mapping[PhaseKey, tuple[NamedNotHeld, ...]]:
    """Phase number → its documents that are only named, sorted by name."""
    found: dict[PhaseKey, dict[str, list[tuple[Document, Citation]]]] = defaultdict(lambda: defaultdict(list))
    for document in record.documents:
        for citation in citations_of(document.path):
            name = named_file(citation) if citation.target is None else None
            if name is not None and name.phase_key is not None:
                found[name.phase_key][str(name)].append((document, citation))
    return {
        number: tuple(NamedNotHeld(parse_name(name), tuple(by)) for name, by in sorted(names.items()))
        for number, names in found.items()
    }


def named_file(citation: Citation) -> Name | None:
    """The file name of a phase's document that a citation writes out, folders left away, or None."""
    words = words_of(citation)
    if "phase-" not in words:
        return None
    found = _PHASE_FILE.search(PurePosixPath(words).name) or _PHASE_FILE.search(words)
    return parse_name(found.group()) if found else None


def words_of(citation: Citation) -> str:
    """What was named, for a citation that is not held."""
    return fold(citation.named or citation.text)


def _versioned(text: str) -> bool:
    return _VERSION.search(text) is not None


def _bare(config: RecordConfig) -> re.Pattern[str]:
    """Texts that name no document: identifiers, bare CR numbers, sections."""
    identifiers = "|".join([*(kind.pattern for kind in config.identifiers), *config.kinds.number_patterns])
    return re.compile(rf"(?:{identifiers})?\s*(?:§.*)?")
