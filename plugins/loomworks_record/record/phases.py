"""Phases: the folders of ``phases/``, each with its number, its title and its documents."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from loomworks_record.source.document import Document
from loomworks_record.source.kinds import REQUESTS, KindTable
from loomworks_record.source.names import PhaseFolder, PhaseKey, parse_phase_folder, phase_folder
from loomworks_record.source.version import version_key


class Phase(Struct, frozen=True):
    """One folder of ``phases/``. ``number`` is None for a track: a folder that is not ``phase-<number>[-slug]``.

    ``folder`` is its path below ``phases/`` and ``key`` what tells it apart: see ``names.PhaseFolder``.
    ``documents`` are all that lie in it, sorted by path.
    """

    folder: str
    number: int | None
    title: str
    documents: tuple[Document, ...]
    key: PhaseKey | None = None

    @property
    def label(self) -> str:
        """ "Phase 57", "Phase 61a", "Phase 57 of engine", or the folder's own words."""
        track, _, mark = str(self.key).rpartition("/")
        return self.title if self.number is None else f"Phase {mark} of {track}" if track else f"Phase {mark}"

    @property
    def heading(self) -> str:
        """ "Phase 57: Marketing Engagement Creation"."""
        return self.label if self.title == self.label else f"{self.label}: {self.title}"


def phases(
    documents: Iterable[Document], titles: Mapping[str, str] | None = None, kinds: KindTable | None = None
) -> list[Phase]:
    """By number, those without one last. ``titles`` (folder → title, from phase.yml) hold over our own."""
    grouped: dict[str, list[Document]] = defaultdict(list)
    folders: dict[PhaseKey | None, set[str]] = defaultdict(set)
    alone: list[tuple[PhaseFolder, Document]] = []  # that lie in no folder of the phase
    for document in documents:
        folder = phase_folder(document.path)
        if folder and folder.is_file:
            alone.append((folder, document))
        elif folder:
            grouped[folder.folder].append(document)
            folders[folder.key].add(folder.folder)
    for folder, document in alone:
        known = folders[folder.key]
        grouped[next(iter(known)) if len(known) == 1 else folder.folder].append(document)
    given = titles or {}
    found = [_phase(folder, held, given.get(folder), kinds or KindTable()) for folder, held in grouped.items()]
    return sorted(found, key=_place)


def _place(phase: Phase) -> tuple[bool, str, int, str]:
    """By number; those of tracks after the others, track by track."""
    track = phase.folder.rpartition("/")[0]
    return phase.number is None, track, phase.number or 0, phase.folder


def _phase(folder: str, documents: list[Document], given: str | None, kinds: KindTable) -> Phase:
    parsed = parse_phase_folder(folder)
    fallback = _words(parsed.slug) or Phase(folder, parsed.number, folder, (), parsed.key).label
    title = given or _title_of_change_request(documents, parsed.number, kinds) or fallback
    return Phase(folder, parsed.number, title, tuple(sorted(documents, key=lambda each: each.path)), parsed.key)


def _title_of_change_request(documents: list[Document], number: int | None, kinds: KindTable) -> str | None:
    """The phase's own name for itself: its newest change request's title without "Phase 57 CR —"."""
    if number is None:
        return None
    requests = [d for d in documents if d.role in REQUESTS and d.name.phase_number == number]
    requests = [d for d in requests if d.role == "request"] or requests
    if not requests:
        return None
    title = max(requests, key=lambda document: (version_key(document.version), document.path)).title
    said = rf"\bphase[ -]0*(\d+)\b|{kinds.numbers.pattern}|{kinds.request_words.pattern}|\(?\bv\d+\.\d+\b\)?"

    def another(found: re.Match[str]) -> str:
        return found.group() if found[1] and int(found[1]) != number else " "

    own = re.sub(said, another, title, flags=re.IGNORECASE)
    words = re.sub(r"^[\s—–:·,-]*(?:Loomworks(?=\s*[—–:·]))?[\s—–:·,-]*|[\s—–:·,-]+$", "", " ".join(own.split()))
    words = re.sub(r"\s*[—–]\s*[—–:]\s*", ": ", words)
    return words if len(words) > 2 else None


def _words(slug: str) -> str:
    small = {"and", "or", "of", "the", "to", "in", "as", "a", "for", "by", "with"}
    return " ".join(
        word if at and word in small else word[:1].upper() + word[1:] for at, word in enumerate(slug.split("-")) if word
    )
