"""What a filing is made of: what comes in, what is refused, and the plan. Plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import Struct

from loomworks_record.bundle.log import Entry, Log
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import REQUESTS
from loomworks_record.source.problem import Problem

if TYPE_CHECKING:  # with patterns that only a plan needs
    from loomworks_record.filing.versions import VersionMention

# Why a file is not filed; docs/filing.md shows the same table, and a test compares the two.
REFUSALS: dict[str, str] = {
    "unreadable": "the file is not there, cannot be read, or is not text",
    "unreadable-beside": "a version of the same document, or a folder of the record, cannot be read",
    "not-regular": "a symbolic link, a folder, a pipe or a device: only regular files are filed",
    "too-large": "the file has more than 100 MB",
    "in-record": "the file lies in the record already",
    "name-grammar": "the name is not [loomworks-]<subject and kind>-v<major>_<minor>[_<patch>].(md|html)",
    "header-missing": "the document's own header does not say its version",
    "header-mismatch": "the header says another version than the name",
    "duplicate": "the same document is given twice in one call",
    "already-filed": "the same bytes are filed already",
    "overwrite": "the place is taken by other bytes, or by a name that differs only in case",
    "backwards": "a later version was filed before",
    "fork": "a second chain of the same document would begin",
    "other-chain": "the document says that it belongs to another chain or phase",
    "twin-mismatch": "the .md and the .html of one version do not agree",
    "folder-unknown": "nothing says which folder it belongs to, or several would do",
    "folder-unfit": "the folder given cannot hold it",
    "log-differs": "the log knows other bytes for the place in archive/, or their withdrawal",
    "causes-error": "the record would have an error that it does not have now",
}


class IncomingFile(Struct, frozen=True):
    """A file to be filed: as it was named by the caller, its own name (NFC), and its bytes."""

    given: str
    filename: str
    data: bytes


class Refusal(Struct, frozen=True):
    """Why one file is not filed: a code of ``REFUSALS``, the file as it was named, one line.

    ``fix`` is the key of the place whose change would settle it, or None.
    """

    code: str
    given: str
    message: str
    fix: str | None = None

    def __str__(self) -> str:
        return f"{self.given}: {self.message} [{self.code}]"


class FiledDocument(Struct, frozen=True):
    """One incoming document at the path that it gets, with the bytes that it is filed with.

    ``reason`` says why that folder. ``previous`` is the version it follows, held or filed in the same call.
    ``places`` are those that named that version in the incoming bytes, ``changed`` the keys of the ones changed.
    """

    given: str
    document: Document
    reason: str
    previous: Document | None
    places: tuple[VersionMention, ...] = ()
    changed: frozenset[str] = frozenset()


class ArchiveMove(Struct, frozen=True):
    """A superseded document on its way to ``archive/``: the document as it is held, and its new path."""

    document: Document
    target: str


@dataclass(frozen=True)
class FilingPlan:
    """All that a filing would do. With ``refusals`` it does nothing; else all of it or nothing.

    ``new_folders``: the folders proposed for new chains that do not exist yet. ``after`` is the log with
    ``entries``. ``caused`` and ``settled``: problems that the record would gain and lose. Paths are relative to
    ``content/``.
    """

    before: Log
    after: Log
    filed: tuple[FiledDocument, ...] = ()
    moves: tuple[ArchiveMove, ...] = ()
    new_folders: tuple[str, ...] = ()
    caused: tuple[Problem, ...] = ()
    settled: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What the log gains."""
        return self.after.entries[len(self.before.entries) :]

    @property
    def title(self) -> str:
        """What the filing does, in at most 72 characters: ``File CR-2026-090 v0.4; archive v0.3``."""
        current = [filed for filed in self.filed if not filed.document.archived_by_folder] or list(self.filed)
        if len(current) == 1:
            archived = "".join(f"; archive {said}" for said in self._archived()[:1])
            return _shortened(f"File {_called(current[0].document)}", archived)
        others = len(current) - 1
        return _shortened(f"File {_called(current[0].document)}", f" and {others} other{'s' if others > 1 else ''}")

    @property
    def message(self) -> str:
        """The title and, where there is more than one step, a line for each: a commit message."""
        steps = list(self._steps())
        return self.title if len(steps) <= 2 and len(self.filed) == 1 else "\n".join([self.title, "", *steps])

    def _archived(self) -> list[str]:
        versions = [move.document.version for move in self.moves]
        versions += [filed.document.version for filed in self.filed if filed.document.archived_by_folder]
        named = [f"v{version}" for version in sorted({version for version in versions if version})]
        return [" and ".join(named) if len(named) < 3 else f"{named[0]} to {named[-1]}"] if named else []

    def _steps(self) -> Iterator[str]:
        for move in self.moves:
            yield f"- move {move.document.path} to archive/"
        for filed in self.filed:
            yield f"- file {filed.document.path}"


def _called(document: Document) -> str:
    """ "CR-2026-090 v0.4" for a change request, else its name: "phase-57-scoping-note v0.2"."""
    number = document.cr_number if document.role in REQUESTS else None
    name = number or document.name.subject.removeprefix("loomworks-")
    return f"{name} v{document.version}" if document.version else name


def _shortened(text: str, end: str) -> str:
    room = 72 - len(end)
    if len(text) > room:
        head, _, version = text.rpartition(" ")
        text = f"{head[: room - len(version) - 2]}… {version}"
    return text + end
