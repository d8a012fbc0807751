"""Where a document belongs: where its chain lives; else the folder that is given; else that of its phase or kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec import Struct

from loomworks_record.bundle.paths import is_unsafe
from loomworks_record.filing.values import IncomingFile, Refusal
from loomworks_record.filing.versions import plain_subject
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import NOTE, KindTable
from loomworks_record.source.names import ARCHIVE, PHASES, Name, PhaseKey, parse_phase_folder, section

_PORTABLE = re.compile(r"[\w.-]+", re.ASCII)
_PHASE_WORDS = re.compile(r"0*(?P<number>\d+)\s*[—–:-]\s*(?P<words>[^,;.()]+?)\.?\s*(?:\([^()]*\)\.?)?\s*")


class Proposal(Struct, frozen=True):
    """A folder relative to ``content/`` ("" is its top), and why."""

    folder: str
    reason: str


@dataclass(frozen=True)
class FilingFolders:
    """The folders of a record, as filing sees them. ``slugs`` names phases that have no folder yet."""

    record: Record
    to: str | None
    phase_folders: tuple[str, ...]
    slugs: Mapping[PhaseKey, str]

    def of(self, incoming: IncomingFile, name: Name) -> Proposal | Refusal:
        """The folder for one document, or why there is none."""
        homes = _homes(self.record, name)
        if homes:
            return self._home(incoming, name, homes)
        near = _near(self.record, name)
        if near is not None:
            return Refusal(
                "fork", incoming.given,
                f"'{name.subject}' would begin a chain beside '{near}', which differs from it only in the prefix, the "
                f"zeros or the case; rename it to continue that chain, or give it a subject of its own",
            )  # fmt: skip
        if self.to is not None:
            return self._given(incoming, name, self.to)
        if name.phase_key is not None:
            return self._phase(incoming, name.phase_key)
        return self._by_kind(incoming, name)

    def _home(self, incoming: IncomingFile, name: Name, homes: Sequence[str]) -> Proposal | Refusal:
        if len(homes) > 1 and self.to not in homes:
            return Refusal(
                "folder-unknown",
                incoming.given,
                f"'{name.subject}' has a chain in each of {_listed(homes)}; say which with --to FOLDER",
            )
        home = self.to if self.to is not None and self.to in homes else homes[0]
        return Proposal(home, "its chain lives there")

    def _given(self, incoming: IncomingFile, name: Name, to: str) -> Proposal | Refusal:
        for complaint in _folder_complaints(self.record, to, name):
            return Refusal("folder-unfit", incoming.given, complaint)
        return Proposal(to, "named with --to")

    def _phase(self, incoming: IncomingFile, number: PhaseKey) -> Proposal | Refusal:
        own = [folder for folder in self.phase_folders if _number(folder) == number]
        if len(own) == 1:
            return Proposal(own[0], f"the folder of phase {number}")
        if own:
            return Refusal(
                "folder-unknown", incoming.given,
                f"phase {number} has the folders {_listed(own)}; say which with --to FOLDER",
            )  # fmt: skip
        slug = self.slugs.get(number)
        folder = f"{PHASES}/phase-{number}" + (f"-{slug}" if slug else "")
        return Proposal(folder, f"phase {number} has no folder yet")

    def _by_kind(self, incoming: IncomingFile, name: Name) -> Proposal | Refusal:
        kinds = self.record.config.kinds
        kind = kinds.of(name, str(name))
        label = kinds.label(kind).lower()
        held = _folders_of_kind(self.record, kind)
        if len(held) == 1:
            return Proposal(held[0], f"where documents of its kind ({label}) lie")
        if held:
            return Refusal(
                "folder-unknown", incoming.given,
                f"documents of its kind ({label}) lie in each of {_listed(held)}; say which with --to FOLDER",
            )  # fmt: skip
        usual = kinds.row(kind).folder
        if usual:
            return Proposal(usual, f"the usual section for its kind ({label})")
        return Refusal(
            "folder-unknown", incoming.given,
            f"its name has no phase number and the record no section for its kind ({label}); name one with --to FOLDER",
        )  # fmt: skip


def places(record: Record, to: str | None, folders: Iterable[str], documents: Iterable[Document]) -> FilingFolders:
    """What decides the folders of one call. ``folders``: those below phases/, also without a document.

    ``documents``: the incoming ones, which may say what a phase without a folder is called.
    """
    known = {f"{PHASES}/{phase.folder}" for phase in record.phases if "/" not in phase.folder} | set(folders)
    attached = (attachment.path.split("/") for attachment in record.content.attachments)
    known |= {"/".join(parts[:2]) for parts in attached if parts[0] == PHASES and len(parts) > 2}
    return FilingFolders(record, to, tuple(sorted(known)), phase_slugs(documents, record.config.kinds))


def phase_slugs(documents: Iterable[Document], kinds: KindTable) -> dict[PhaseKey, str]:
    """Phase number → words for its folder: from a change request's name, else from a header's "Phase. 57 — Words"."""
    by_name: dict[PhaseKey, str] = {}
    by_header: dict[PhaseKey, str] = {}
    for document in documents:
        number = document.name.phase_key
        if number is None:
            continue
        words = kinds.after_mark(document.name, document.kind) if document.role == "request" else ""
        if words:
            by_name.setdefault(number, words)
        said = _PHASE_WORDS.fullmatch(document.header.first("phase") or "")
        slug = re.sub(r"[^a-z0-9]+", "-", said["words"].lower()).strip("-") if said else ""
        if said and int(said["number"]) == number and slug:
            by_header.setdefault(number, slug)
    return by_header | by_name


def _homes(record: Record, name: Name) -> list[str]:
    """The folders in which a chain of versions has this subject."""
    found = {chain.id for chain in record.chains if chain.versions[-1].version is not None}
    return sorted(folder for folder, subject in map(_split, found) if subject == name.subject)


def _near(record: Record, name: Name) -> str | None:
    """A chain whose subject differs from this one only in ``loomworks-``, zeros of the phase, or case."""
    plain = plain_subject(name.subject)
    found = (chain.id for chain in record.chains if chain.versions[-1].version is not None)
    return next((chain for chain in found if plain_subject(_split(chain)[1]) == plain), None)


def _folders_of_kind(record: Record, kind: str) -> list[str]:
    """Where documents of a kind lie outside phases; nowhere for mere notes, which are of no kind."""
    if kind == NOTE.kind:
        return []
    found = {_split(document.chain)[0] for document in record.documents if document.kind == kind}
    return sorted(folder for folder in found if folder and section(f"{folder}/x") != PHASES)


def _folder_complaints(record: Record, folder: str, name: Name) -> Iterable[str]:
    """A folder given with --to is a plain path below content/, no archive, no file, and of the document's phase."""
    parts = folder.split("/")
    if folder and (is_unsafe(folder) or any(part.startswith(".") or not _PORTABLE.fullmatch(part) for part in parts)):
        yield f"--to '{folder}': is not a path below the content folder; use letters, digits, '.', '-', '_' and '/'"
    if ARCHIVE in parts:
        yield f"--to '{folder}': the current version never lies in archive/; name the folder that holds archive/"
    taken = {document.path for document in record.documents} | {a.path for a in record.content.attachments}
    for depth in range(1, len(parts) + 1):
        if "/".join(parts[:depth]) in taken:
            yield f"--to '{folder}': '{'/'.join(parts[:depth])}' is a file; name a folder"
    number = _number(folder)
    if name.phase_key is not None and parts[0] == PHASES and number != name.phase_key:
        yield f"--to '{folder}': the name says phase {name.phase_key}; name the folder of that phase"


def _number(folder: str) -> PhaseKey | None:
    parts = folder.split("/")
    return parse_phase_folder(parts[1]).key if len(parts) > 1 and parts[0] == PHASES else None


def _split(chain: str) -> tuple[str, str]:
    folder, _, subject = chain.rpartition("/")
    return folder, subject


def _listed(folders: Sequence[str]) -> str:
    return ", ".join(f"'{folder}'" for folder in folders)
