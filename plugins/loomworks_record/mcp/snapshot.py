"""The record as it was read, and read again when its files change: what every answer is about."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from loomworks_record.asking.look import Answers, Matches
from loomworks_record.errors import UsageError
from loomworks_record.mcp import answers
from loomworks_record.mcp.search import FoldedTexts
from loomworks_record.opening.open_record import OpenRecord
from loomworks_record.pages import addresses
from loomworks_record.pages.name_tables import Names, phase_meant
from loomworks_record.pages.wording import full_name
from loomworks_record.record.phases import Phase
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document
from loomworks_record.source.project import Project

if TYPE_CHECKING:  # with all that renders and compares
    from loomworks_record.pages.compare import ComparedTexts

LOOK_AGAIN = 1.0  # seconds for which what was read is taken to be what is filed
_COMPARISONS = 32  # kept at once
_MOST_MEANT = 8  # things that a name may mean, told where it is not clear


class UnclearError(UsageError):
    """Nothing, or more than one thing, has a name. ``candidates`` are (path, anchor) of the documents it may mean."""

    def __init__(self, message: str, candidates: list[tuple[str, str]]) -> None:
        super().__init__(message)
        self.candidates = candidates


@dataclass(frozen=True)
class Snapshot:
    """One reading of the record. ``url`` makes an absolute address of one that is relative to the site's root."""

    opened: OpenRecord
    source: answers.Source
    url: Callable[[str], str]
    read_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    texts: FoldedTexts = field(default_factory=FoldedTexts, repr=False)
    _compared: dict[tuple[str, str], ComparedTexts] = field(default_factory=dict, repr=False)

    @property
    def whole(self) -> Whole:
        return self.opened.whole

    @cached_property
    def key(self) -> str:
        """Names what was read: another where a byte or a name is."""
        found = hashlib.sha256()
        for document in self.whole.record.documents:
            found.update(f"{document.path}\0{document.sha256}\n".encode("utf-8", "replace"))
        return found.hexdigest()

    @cached_property
    def _names(self) -> Names:
        return Names(self.whole)

    def look(self, text: str, phase: int | None = None, most: int = _MOST_MEANT) -> tuple[Matches, Answers]:
        """What a name means. In a phase, first what has the name there, as a document of it would mean it."""
        for asked in (f"phase {phase} {text}", text) if phase is not None else (text,):
            found, said = self._names.answers(asked, most)
            if found.sure or (found.ranks and found.fit != "near"):
                break
        return found, said

    def meant(self, text: str, phase: int | None = None) -> tuple[Document, str]:
        """The one document that a name means, and the anchor of the section where one is named.

        Raises UnclearError with what it may mean, and what holds of that.
        """
        held = self.whole.record.by_path.get(text)
        if held is not None:
            return held, ""
        text = " ".join(text.split())
        found, said = self.look(text, phase)
        documents = [each for each in said if each["path"]]
        if found.sure and documents:
            return self.whole.record.by_path[documents[0]["path"]], documents[0]["address"].partition("#")[2]
        raise self._unclear(text, found, said)

    def _unclear(self, text: str, found: Matches, said: Answers) -> UnclearError:
        named = [(each["path"], each["address"].partition("#")[2]) for each in said if each["path"]]
        return UnclearError(self._unclear_words(text, found, said), named if found.fit == "named" else [])

    def _unclear_words(self, text: str, found: Matches, said: Answers) -> str:
        if not said or found.fit == "near":
            near = f"; near it: {', '.join(each['name'] for each in said[:3])}" if said else ""
            return f"nothing is named '{text}'{near}; use the tool 'search' for words within documents"
        if found.sure:
            return f"'{text}' is {said[0]['what']} '{said[0]['name']}', which is not one document; name one"
        lines = [f"- {each['name']} · {each['standing'] or each['what']} · {each['path'] or ''}" for each in said]
        return "\n".join([f"it is not clear what '{text}' means; say one of these, or its phase:", *lines])

    def phase(self, text: str) -> Phase:
        """The phase that is named, or that what is named lies in. Raises UnclearError."""
        text = " ".join(text.split())
        found, said = self.look(text)
        meant = phase_meant(self.whole.record, said[0]["path"] or "", said[0]["address"]) if found.sure else None
        named = next((each for each in self.whole.record.phases if each.folder == text), meant)
        if named is not None:
            return named
        if found.sure:
            phases = ", ".join(phase.folder for phase in self.whole.record.phases) or "none"
            what = f"{said[0]['what']} '{said[0]['name']}'"
            raise UnclearError(f"'{text}' is {what}, outside phases; phases: {phases}", [])
        raise self._unclear(text, found, said)

    def url_of(self, address: str) -> str:
        """An address as answers have it (from the root, encoded), made absolute."""
        return self.url("").rstrip("/") + address

    def in_force(self, document: Document) -> Document | None:
        """The version that holds in place of a document, or is itself; or what replaced its chain."""
        record = self.whole.record
        return record.current(document) or record.in_place_of(record.chain(document))

    def held(self, document: Document) -> answers.DocumentSchema:
        record = self.whole.record
        return answers.DocumentSchema(
            name=full_name(record, document),
            path=document.path,
            version=str(document.version) if document.version else None,
            standing=record.standing(document),
            date=document.date.isoformat() if document.date else None,
            address=self.url(addresses.view(document)),
        )

    def compared(self, old: Document, new: Document) -> ComparedTexts:
        """The comparison of two documents; the last ones are kept."""
        from loomworks_record.pages.compare import compare_documents  # noqa: PLC0415 - 11 MB, for few questions

        key = (old.path, new.path)
        found = self._compared.pop(key, None) or compare_documents(self.whole.record.config, old, new)
        self._compared[key] = found
        while len(self._compared) > _COMPARISONS:
            self._compared.pop(next(iter(self._compared)))
        return found


class RecordSource:
    """Gives the record as it is filed now. ``mark`` is another value whenever ``read`` would give another record."""

    def __init__(self, read: Callable[[], Snapshot], mark: Callable[[], object]) -> None:
        self._read, self._mark = read, mark
        self._held: Snapshot | None = None
        self._marked: object = None
        self._looked = 0.0

    def snapshot(self) -> Snapshot:
        """Raises RecordError or OSError where it cannot be read any more; it is tried again when it is asked next."""
        if self._held is None or time.monotonic() - self._looked > LOOK_AGAIN:
            marked = self._mark()
            if self._held is None or marked != self._marked:
                self._held = None
                self._held = self._read()
            self._marked, self._looked = marked, time.monotonic()
        return self._held


def files_mark(project: Project) -> str:
    """Names, sizes and times of change of all that a project is read from."""
    found = hashlib.sha256()
    for line in (*map(file_mark, (*project.config_files(), project.log_file)), *sorted(_marks(project.content_dir))):
        found.update(line.encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def file_mark(file: Path) -> str:
    """Size and time of change of one file."""
    try:
        seen = file.stat()
    except OSError:
        return f"{file}\n"
    return f"{file} {seen.st_size} {seen.st_mtime_ns}\n"


def _marks(folder: Path | str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _marks(entry.path)
                else:
                    seen = entry.stat(follow_symlinks=False)
                    yield f"{entry.path} {seen.st_size} {seen.st_mtime_ns} {seen.st_ino}\n"
    except OSError as wrong:  # it went meanwhile: reading says what of it
        yield f"{folder} {wrong.errno}\n"
