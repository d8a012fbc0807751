"""Phases: the folders of ``phases/``, each with its number, its title and its documents."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from loomworks_record.source.document import Document
from loomworks_record.source.kinds import REQUESTS, KindTable
from loomworks_record.source.names import parse_phase_folder
from loomworks_record.source.version import version_key


@dataclass(frozen=True, slots=True)
class Phase:
    """One folder of ``phases/``. ``number`` is None for a folder that is not ``phase-<number>[-slug]``.

    ``documents`` are all that lie in it, sorted by path.
    """

    folder: str
    number: int | None
    title: str
    documents: tuple[Document, ...]

    @property
    def label(self) -> str:
        """ "Phase 57", or the folder's own words."""
        return self.title if self.number is None else f"Phase {self.number}"

    @property
    def heading(self) -> str:
        """ "Phase 57: Marketing Engagement Creation"."""
        return self.label if self.title == self.label else f"{self.label}: {self.title}"


def phases(
    documents: Iterable[Document], titles: Mapping[str, str] | None = None, kinds: KindTable | None = None
) -> list[Phase]:
    """By number, those without one last. ``titles`` (folder → title, from phase.yml) hold over our own."""
    grouped: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        if document.phase_folder:
            grouped[document.phase_folder].append(document)
    given = titles or {}
    found = [_phase(folder, held, given.get(folder), kinds or KindTable()) for folder, held in grouped.items()]
    return sorted(found, key=lambda phase: (phase.number is None, phase.number or 0, phase.folder))


def _phase(folder: str, documents: list[Document], given: str | None, kinds: KindTable) -> Phase:
    parsed = parse_phase_folder(folder)
    fallback = _words(parsed.slug) or (f"Phase {parsed.number}" if parsed.number is not None else folder)
    title = given or _title_of_change_request(documents, parsed.number, kinds) or fallback
    return Phase(folder, parsed.number, title, tuple(documents))


def _title_of_change_request(documents: list[Document], number: int | None, kinds: KindTable) -> str | None:
    """The phase's own name for itself: its newest change request's title without "Phase 57 CR —"."""
    if number is None:
        return None
    requests = [d for d in documents if d.role in REQUESTS and d.name.phase_number == number]
    requests = [d for d in requests if d.role == "request"] or requests
    if not requests:
        return None
    title = max(requests, key=lambda document: (version_key(document.version), document.path)).title
    said = rf"\bphase[ -]0*{number}\b|{kinds.numbers.pattern}|{kinds.request_words.pattern}|\(?\bv\d+\.\d+\b\)?"
    own = re.sub(said, " ", title, flags=re.IGNORECASE)
    words = re.sub(r"^[\s—–:·,-]*(?:Loomworks(?=\s*[—–:·]))?[\s—–:·,-]*|[\s—–:·,-]+$", "", " ".join(own.split()))
    words = re.sub(r"\s*[—–]\s*[—–:]\s*", ": ", words)
    return words if len(words) > 2 else None


def _words(slug: str) -> str:
    small = {"and", "or", "of", "the", "to", "in", "as", "a", "for", "by", "with"}
    return " ".join(
        word if at and word in small else word[:1].upper() + word[1:] for at, word in enumerate(slug.split("-")) if word
    )
