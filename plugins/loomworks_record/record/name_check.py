"""Names that are not read as a version though they, or the header, say one: each told with the name that would be."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec.structs import replace

from loomworks_record import lazy
from loomworks_record.record.chains import Chain
from loomworks_record.source.document import Document
from loomworks_record.source.folding import fold
from loomworks_record.source.lookalikes import Lookalike, numbered, version_lookalike
from loomworks_record.source.problem import Problem
from loomworks_record.source.version import Version, said_version, same_version

_MARKS_COPY = lazy.regex(r"\(\d+\)|\b(?:copy|kopie|copia|copie)\b|sync-conflict", re.IGNORECASE)


class NameCheck:
    """What is told of the names of one record."""

    def __init__(self, chains: Sequence[Chain]) -> None:
        self.chains = chains
        self.by_id = {chain.id.casefold(): chain for chain in chains}

    def problems(self) -> Iterator[Problem]:
        for chain in self.chains:
            for document in chain.versions:
                found = list(self._of(document))
                yield from found
                if not found and (held := self._copied(document)):
                    yield self._copy(document, held)

    def _of(self, document: Document) -> Iterator[Problem]:
        like = self._after_subject(document, version_lookalike(document.name))
        said = _said(document)
        if like is None or (like.version is None and not self._is_copy(document, like)):
            if document.version is None and said is not None:
                yield self._missing(document, said)
        elif not like.inside or self._is_own(document, like, said):
            yield self._lookalike(document, like, said)
        elif any(mark in like.seen for mark in "._") and not self._is_of_another(document, like):
            yield document.problem(
                "name-version-inside",
                f"'{like.seen}' within '{_filename(document)}' is read as part of the subject; if it is the version "
                f"of this document, name it '{like.proposed(document.name)}'",
            )

    def _copied(self, document: Document) -> Document | None:
        """The version of a document whose whole name stands in this one, and more that makes it a copy: it has the same
        title, or signs that the other name has not; both, where that has no version. "plan-v0_2-review-notes", under a
        title of its own, is about it."""
        stem, folder = _stem(document).casefold(), _folder(document)
        places = [at for at, sign in enumerate(stem) if not sign.isalnum()]
        ends = ((stem[:at], stem[at:]) for at in reversed(places) if document.version is None)
        starts = ((stem[at + 1 :], stem[: at + 1]) for at in places)
        for name, more in (*ends, *starts):
            held = self._named.get((folder, name))
            if held and held.chain != document.chain:
                is_marked = bool({sign for sign in more if not sign.isalnum()} - {"-", *name}) or len(more) == 1
                marks = (is_marked, held.title.casefold() == document.title.casefold())
                return held if (any(marks) if held.version else all(marks)) else None
        return None

    @cached_property
    def _named(self) -> dict[tuple[str, str], Document]:
        return {
            (_folder(document), _stem(document).casefold()): document
            for chain in self.chains
            for document in chain.versions
        }

    def _copy(self, document: Document, held: Document) -> Problem:
        named = f"{held.name.subject}-v<major>_<minor>{document.name.extension or '.md'}"
        return document.problem(
            "name-version-malformed",
            f"'{_filename(document)}' has the name of '{_filename(held)}', and more: as a version of that document it "
            f"would be named '{named}'; meanwhile {self._current(document, held.name.subject)}",
        )

    def _is_copy(self, document: Document, like: Lookalike) -> bool:
        """Whether what is called "final" or a copy lies beside what it is one of; "slice-copy" may be about copying."""
        beside = _in_folder(_folder(document), like.subject).casefold()
        return beside in self.by_id or f"{beside}{document.name.extension}" in self.by_id

    def _after_subject(self, document: Document, like: Lookalike | None) -> Lookalike | None:
        """A held chain's subject, a version that the chain does not hold and more: meant as that version. Numbers after
        the subject of a chain with versions likewise."""
        if like is None and document.version is None:
            at_end = numbered(document.name)
            chain = self._beside(document, at_end.subject) if at_end else None
            return at_end if chain and chain.newest.version else None
        if like is None or not like.inside:
            return like
        before = _stem(document).partition(like.seen)[0].strip("-_. (")
        chain = self._beside(document, before)
        if chain is None or any(like.version == held.version for held in chain.versions):
            return like
        return replace(like, subject=before, inside=False)

    def _beside(self, document: Document, subject: str) -> Chain | None:
        return self.by_id.get(_in_folder(_folder(document), subject).casefold())

    def _lookalike(self, document: Document, like: Lookalike, said: Version | None) -> Problem:
        named = like.proposed(document.name, said if like.version is None or document.version is None else None)
        copied = self._copied_from(document, like, named)
        if copied is not None:
            same = copied.sha256 == document.sha256
            do = "it has the same bytes: remove it" if same else "its text differs: give it a name of its own"
            said_so = f"'{_filename(document)}' is called a copy of '{copied.path}', and {do}"
            return Problem(document.path, None, "name-version-malformed", said_so)
        held = self._current(document, like.subject)
        return document.problem(
            "name-version-malformed",
            f"'{like.seen}' in '{_filename(document)}' is not read as a version: expected '{named}'; meanwhile {held}",
        )

    def _copied_from(self, document: Document, like: Lookalike, named: str) -> Document | None:
        """The held document that has the name which a copy would be given, or its bytes under the name copied."""
        if not _MARKS_COPY.search(like.seen):
            return None
        extension = document.name.extension
        stems = (name.removesuffix(extension).casefold() for name in (named, f"{like.subject}{extension}"))
        taken, original = (self._named.get((_folder(document), stem)) for stem in stems)
        same = (each for each in (taken, original) if each and each.sha256 == document.sha256)
        return next(same, taken if taken is not document else None)

    def _missing(self, document: Document, said: Version) -> Problem:
        subject = self._held_subject(document)
        named = f"{subject or _stem(document)}-{said.slug}{document.name.extension}"
        code = "name-version-malformed" if subject else "name-version-missing"
        held = self._current(document, subject or _stem(document))
        return document.problem(
            code,
            f"the header says v{said} and '{_filename(document)}' has no version: as a version of its document it "
            f"would be named '{named}'; meanwhile {held}",
            document.header.all("version")[0].line,
        )

    def _held_subject(self, document: Document) -> str:
        """The longest subject of a versioned chain beside it that the name begins with, or is."""
        words = _stem(document).casefold()
        beside = (chain.newest.name.subject for chain in self._versioned.get(_folder(document), ()))
        fits = (subject for subject in beside if _begins(words, subject.casefold()))
        return max(fits, key=len, default="")

    @cached_property
    def _versioned(self) -> dict[str, list[Chain]]:
        found: dict[str, list[Chain]] = defaultdict(list)
        for chain in self.chains:
            if chain.newest.version is not None:
                found[_folder(chain.newest)].append(chain)
        return found

    def _current(self, document: Document, subject: str) -> str:
        chain = self._beside(document, subject)
        if chain is None or chain.current is None or document in chain.versions:
            standing = "Archived" if document.archived_by_folder else "Current"
            return f"it is shown as {standing}, a document of its own"
        version = chain.current.version
        return f"v{version} is shown as Current" if version else f"'{chain.current.path}' is shown as Current"

    def _is_own(self, document: Document, like: Lookalike, said: Version | None) -> bool:
        """Whether a version within a name is the document's: its header says so, or names differ in it alone."""
        if like.version is None:
            return False
        if said is not None and same_version(said, like.version):
            return True
        return len(self._siblings[_in_folder(_folder(document), like.subject)]) > 1

    @cached_property
    def _siblings(self) -> dict[str, set[Version]]:
        """The id that a chain would have → the versions within the names of its documents."""
        found: dict[str, set[Version]] = defaultdict(set)
        for chain in self.chains:
            like = version_lookalike(chain.newest.name)
            if like is not None and like.version is not None:
                found[_in_folder(_folder(chain.newest), like.subject)].add(like.version)
        return found

    def _is_of_another(self, document: Document, like: Lookalike) -> bool:
        """Whether a held document's words and version stand in the name: it is about that one."""
        before = _stem(document).partition(like.seen)[0].strip("-_. ").casefold()
        held = (like.version in versions for identity, versions in self._held_versions if before in identity)
        return not before or any(held)

    @cached_property
    def _held_versions(self) -> list[tuple[str, set[Version]]]:
        return [
            (identity, {document.version for document in chain.versions if document.version})
            for identity, chain in self.by_id.items()
        ]


def _said(document: Document) -> Version | None:
    """The version that the header says: of a line that is one, not a sentence."""
    value = document.header.first("version")
    return said_version(value) if value and len(value) < 100 else None


def _begins(stem: str, subject: str) -> bool:
    return bool(subject) and stem.startswith(subject) and not stem[len(subject) : len(subject) + 1].isalnum()


def _stem(document: Document) -> str:
    return fold(document.name.stem)


def _filename(document: Document) -> str:
    return document.path.rpartition("/")[2]


def _folder(document: Document) -> str:
    return document.chain.rpartition("/")[0]


def _in_folder(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
