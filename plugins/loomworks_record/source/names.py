"""File names and paths of documents, read and written back.

The grammar is ``[loomworks-]<subject and kind>-v<major>_<minor>[_<patch>].(md|html)``. The version is the
*last* ``-v…`` run of the stem, so ``phase-49-cr-amendment-v0_2-v0_1`` is about v0.2 and is itself v0.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from loomworks_record.source.version import Version, parse_version

# A path is asked for its parts by every page that names it.
_remembered = lru_cache(maxsize=1 << 17)

ARCHIVE = "archive"
EXTENSIONS = (".md", ".html")

# Numbers as ``int`` writes them (no zeros before, at most six digits): only so is a name written back as it was.
_NUMBER = r"(?:0|[1-9][0-9]{0,5})"
_VERSION_LAST = re.compile(rf"-(?P<version>v{_NUMBER}_{_NUMBER}(?:_{_NUMBER})?)\Z")
# What was meant as a version of the document and does not follow the grammar: -v0.1, -v1, -V0_1, -v0_1-draft.
_VERSION_MEANT = re.compile(
    r"-(?:v\d+(?:[._]\d+)+|v\d+)\Z|-v\d+_\d+(?:_\d+)?-[a-z]+\Z|_v\d+[._]\d+(?:[._]\d+)?\Z", re.IGNORECASE
)
_PHASE_FOLDER = re.compile(r"^phase-0*(?P<number>[0-9]{1,6})(?:-(?P<slug>.+))?\Z")
# "…-cr-amendment-2-handoff", "…-cr-amendment-cycle-2-handoff"; without a number, the first.
_AMENDMENT = re.compile(r"(?:^|-)amendment(?:-(?:cycle-)?(?P<cycle>[0-9]{1,2})(?=-|\Z))?(?=-|\Z)")
_PHASE_IN_STEM = re.compile(r"^(?:loomworks-)?phase-0*(?P<number>[0-9]{1,6})(?:-|\Z)")


@dataclass(frozen=True, slots=True)
class Name:
    """One file name. ``str(parse_name(text)) == text`` for every text.

    ``subject`` is the stem without version (``loomworks-`` stays part of it), ``extension`` is ".md",
    ".html" or "" (a versioned document filed without one).
    """

    subject: str
    version: Version | None
    extension: str

    def __str__(self) -> str:
        return self.stem + self.extension

    @property
    def stem(self) -> str:
        return self.subject if self.version is None else f"{self.subject}-{self.version.slug}"

    @property
    def malformed_version(self) -> str | None:
        """What looks like the document's version but does not follow the grammar, or None."""
        found = None if self.version else _VERSION_MEANT.search(self.subject)
        return found.group()[1:] if found else None

    @property
    def phase_number(self) -> int | None:
        """The number that the name itself starts with: ``[loomworks-]phase-6-…`` gives 6."""
        found = _PHASE_IN_STEM.match(self.subject)
        return int(found["number"]) if found else None

    @property
    def cycle(self) -> int | None:
        """The amendment cycle that the name says: 2 of ``…-cr-amendment-2-handoff``, 1 of ``…-cr-amendment-handoff``,
        None of a name without the word."""
        found = _AMENDMENT.search(self.subject.lower())
        return None if found is None else max(1, int(found["cycle"] or 1))

    @property
    def numbers_cycle(self) -> bool:
        """Whether the name gives the cycle a number."""
        found = _AMENDMENT.search(self.subject.lower())
        return found is not None and found["cycle"] is not None


def parse_name(filename: str) -> Name:
    """Read one file name (no folders). Never fails: what has no version has ``version`` None."""
    stem, extension = _split_extension(filename)
    found = _VERSION_LAST.search(stem)
    if found is None:
        return Name(stem, None, extension)
    return Name(stem[: found.start()], parse_version(found["version"]), extension)


def is_document_name(filename: str) -> bool:
    """Whether a file of this name is a document; every other file is an attachment."""
    name = parse_name(filename)
    return name.extension in EXTENSIONS or (name.version is not None and not name.extension)


@dataclass(frozen=True, slots=True)
class PhaseFolder:
    """A folder of ``phases/``: its number (None for one without), and the words of its slug."""

    folder: str
    number: int | None
    slug: str


@lru_cache(maxsize=4096)
def parse_phase_folder(folder: str) -> PhaseFolder:
    """``phase-57-marketing-engagement-creation`` → 57; zeros may pad, the slug is optional."""
    found = _PHASE_FOLDER.match(folder)
    if found is None:
        return PhaseFolder(folder, None, folder)
    return PhaseFolder(folder, int(found["number"]), found["slug"] or "")


@_remembered
def phase_folder(path: str) -> PhaseFolder | None:
    """The phase folder that a document lies in, from the ``phases/`` folder only."""
    parts = path.split("/")
    if len(parts) < 3 or parts[0] != "phases" or parts[1] == ARCHIVE:
        return None
    return parse_phase_folder(parts[1])


def section(path: str) -> str:
    """The first folder of a path, or "" for a document at the top."""
    first, slash, _ = path.partition("/")
    return first if slash else ""


@_remembered
def in_archive(path: str) -> bool:
    """Whether a folder ``archive`` is on the path."""
    return ARCHIVE in path.split("/")[:-1]


@_remembered
def without_archive(path: str) -> str:
    """The path without its ``archive`` folders: where a chain lives."""
    *folders, last = path.split("/")
    return "/".join([folder for folder in folders if folder != ARCHIVE] + [last])


@_remembered
def chain_path(path: str) -> str:
    """A chain's identity: the path without ``archive/``, version and extension."""
    folder, slash, filename = without_archive(path).rpartition("/")
    return folder + slash + parse_name(filename).subject


def _split_extension(filename: str) -> tuple[str, str]:
    for extension in EXTENSIONS:
        if filename.endswith(extension) and len(filename) > len(extension):
            return filename[: -len(extension)], extension
    return filename, ""
