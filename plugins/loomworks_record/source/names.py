"""File names and paths of documents, read and written back.

A version stands last in the stem, in one of the common written forms (``-v0_2``, ``-v0.2``, ``_v2``, ``.v0.1.0``,
`` v0.1``, ``-v0.4a``, ``-1.0.0v``, ``-v4.0.0-draft``; ``source/version.py`` has the grammar), so
``phase-49-cr-amendment-v0_2-v0_1`` is about v0.2 and is itself v0.1. Other forms are rows of the user's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from loomworks_record import lazy
from loomworks_record.source.folding import fold
from loomworks_record.source.version import NUMBER, NUMBERS, TAIL, Version, parse_version, whole_version

# A path is asked for its parts by every page that names it.
_remembered = lru_cache(maxsize=1 << 17)

ARCHIVE = "archive"  # where filing puts what is superseded
# Folders for what no longer holds, in any case.
ARCHIVE_FOLDERS = (
    ARCHIVE, "archived", "archives", "_archive", "old", "superseded", "deprecated", "history", "retired", "abandoned",
)  # fmt: skip
RETIRED_FOLDERS = frozenset({"deprecated", "retired", "abandoned"})  # of these, nothing later need be held
EXTENSIONS = (".md", ".html")
# They speak of their folder: of two such files neither is a version of the other.
OF_FOLDER = frozenset({"readme", "index"})

_CANONICAL = lazy.regex(rf"-(?P<version>v{NUMBER}_{NUMBER}(?:_{NUMBER})?)\Z")
# ISO 639-1, of the languages that are written most; ".js" or ".md" before the extension is not one.
_LANGUAGE = (
    r"(?-i:(?:ar|bg|cs|da|de|el|en|es|et|fa|fi|fr|he|hi|hr|hu|id|it|ja|ko|lt|lv|nb|nl|no|pl|pt|ro|ru|sk|sl|sr|sv|th|tr"
    r"|uk|vi|zh)(?:-(?:[A-Z][a-z]{3}|[A-Z]{2}))?)"
)
_NUMBERED = rf"v(?P<version>(?:{NUMBERS}|0[0-9]){TAIL})"
_TRANSLATED = rf"(?:\.(?P<language>{_LANGUAGE}))?"
_LAST = lazy.regex(
    rf"(?: [-–—] |[-_. ])(?:{_NUMBERED}|(?P<bare>{NUMBER}(?:[._]{NUMBER}){{1,2}})v){_TRANSLATED}\Z",
    re.IGNORECASE,
)
# A stem that is all version: of what its folder is named after.
_ALONE = lazy.regex(rf"{_NUMBERED}{_TRANSLATED}", re.IGNORECASE)
# An Internet-Draft says who wrote it of what: "draft-fox-rates-03". A shorter one, one with a date and a numbered part
# of something are none.
_DRAFT = lazy.regex(
    r"(?P<subject>draft(?:-[a-z0-9]+){2,})(?<!-\d{4})(?<!-\d{4}-\d\d)(?<!-(?:page|part|post|step|week|item|unit))"
    r"(?<!-(?:phase|stage|sheet))(?<!-(?:lesson|module|sprint))(?<!-(?:chapter|section|session))-(?P<number>\d\d)"
)
# "migration-to-v2", "v1-vs-v2": the version of something else, or two.
OF_OTHERS = lazy.regex(
    r"(?:^|[-_. ])(?:vs|versus|to|from|and|or|for|since|until|with|before|after|of|in|on|via|pre|post)\Z", re.IGNORECASE
)
# phase-57-x, Phase_57, phase57, phase-61a, 57-x; not a date.
_PHASE_FOLDER = lazy.regex(
    r"^(?:phase[-_ ]?0*(?P<number>[0-9]{1,6})(?P<letter>[a-z])?|0*(?P<bare>[0-9]{1,3}))(?:[-_ ](?P<slug>.+))?\Z",
    re.IGNORECASE,
)
# "…-cr-amendment-2-handoff", "…-cr-amendment-cycle-2-handoff"; without a number, the first.
_AMENDMENT = lazy.regex(r"(?:^|-)amendment(?:-(?:cycle-)?(?P<cycle>[0-9]{1,2})(?=-|\Z))?(?=-|\Z)")
_PHASE_IN_STEM = lazy.regex(
    r"^(?:loomworks-)?phase[-_ ]?0*(?P<number>[0-9]{1,6})(?P<letter>[a-z])?(?:[-_ .]|\Z)", re.IGNORECASE
)

# What tells phases apart: 57; "61a" of one with a letter; "engine/57", where tracks count each for itself.
PhaseKey = int | str
PHASES = "phases"


class Name(Struct, frozen=True):
    """One file name. ``str(parse_name(text)) == text`` for every text.

    ``subject`` is the stem without version (``loomworks-`` stays part of it; "" where the stem is all version),
    ``extension`` is ".md", ".html" or "" (a versioned document filed without one). ``filed_stem`` is the stem where
    it is not subject, hyphen and version; ``language`` is that of a translation ("zh-CN"). Signs that nobody sees are
    folded in all but ``filed_stem``.
    """

    subject: str
    version: Version | None
    extension: str
    filed_stem: str = ""
    language: str = ""

    def __str__(self) -> str:
        return self.stem + self.extension

    @property
    def stem(self) -> str:
        if self.filed_stem or self.version is None:
            return self.filed_stem or self.subject
        return f"{self.subject}-{self.version.slug}"

    @property
    def form(self) -> str:
        """How the version is written, as "_v0.0"; "" for the form -v0_2, and without version."""
        return re.sub(r"[0-9]+", "0", fold(self.filed_stem).removeprefix(self.subject)) if self.version else ""

    @property
    def phase_number(self) -> int | None:
        """The number that the name itself starts with: ``[loomworks-]phase-6-…`` gives 6."""
        found = _PHASE_IN_STEM.match(self.subject)
        return int(found["number"]) if found else None

    @property
    def phase_key(self) -> PhaseKey | None:
        """The number with its letter: 6, or "61a" for ``phase-61a-…``."""
        found = _PHASE_IN_STEM.match(self.subject)
        return _key(int(found["number"]), found["letter"]) if found else None

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


@dataclass(frozen=True, slots=True)
class VersionForm:
    """A row of the user's: how a version is written in a name, or in the name of a folder (a snapshot).

    ``pattern`` is searched in the stem, or must be the whole name of a folder. One named group holds the version:
    ``version`` ("0_2", "4a"), ``number`` ("00" of a draft, "6" of an edition) or ``date`` (2026-04-18). The subject
    is the group ``subject``, else what is left of the stem without what the pattern matched (but the group ``rest``).
    """

    pattern: str
    of: Literal["name", "folder"] = "name"


class FiledPlace(Struct, frozen=True):
    """Where a document belongs: its name, the id of its chain, whether a folder of the archive is on its path, and the
    path without those folders."""

    name: Name
    chain: str
    archived: bool
    public: str


class Notation(Struct, frozen=True):
    """How a record writes names and headers, where that is its own: rows of the user's before the common forms, the
    folders of its archive, and labels as written, each with the field that it stands for."""

    forms: tuple[VersionForm, ...] = ()
    archives: tuple[str, ...] = ARCHIVE_FOLDERS
    labels: tuple[tuple[str, str], ...] = ()

    def name(self, filename: str) -> Name:
        """Read one file name (no folders). Never fails: what has no version has ``version`` None."""
        filed, extension = _split_extension(filename)
        stem = fold(filed)
        name = self._name(stem, extension)
        return name if stem == filed else replace(name, filed_stem=filed)

    def _name(self, stem: str, extension: str) -> Name:
        for form in self.forms:
            read = by_form(form, stem) if form.of == "name" else None
            if read is not None:
                subject, version = read
                return Name(subject, version, extension, stem)
        return _common(stem, extension)

    def place(self, path: str) -> FiledPlace:
        """Read a path. The id of a chain is the path without archive folders, snapshots, version and extension."""
        *folders, filename = path.split("/")
        name = self.name(filename)
        kept = [folder for folder in folders if not self.is_archive(folder)]
        archived, public = len(kept) < len(folders), "/".join([*kept, filename])
        for form in self.forms:
            if form.of == "folder" and name.version is None:
                name, kept = _in_snapshot(form, name, kept)
        alone = _ALONE.fullmatch(fold(name.stem)) if kept and name.version is None else None
        if alone:
            name = Name("", whole_version(alone["version"]), name.extension, name.stem, alone["language"] or "")
        if kept and not name.subject:
            return FiledPlace(name, fold("/".join(kept)), archived, public)
        if name.version is None and name.subject.casefold() in OF_FOLDER:
            kept, public = folders, path  # archive/README.md is not a version of README.md
        return FiledPlace(name, fold("/".join([*kept, name.subject])), archived, public)

    def is_archive(self, folder: str) -> bool:
        return folder == ARCHIVE or folder.lower() in self.archives

    def without_archive(self, path: str) -> str:
        *folders, last = path.split("/")
        return "/".join([*(folder for folder in folders if not self.is_archive(folder)), last])


COMMON = Notation()


@lru_cache(maxsize=1 << 16)
def parse_name(filename: str) -> Name:
    """Read one file name (no folders) in the common forms. Never fails: see ``Notation``."""
    return COMMON.name(filename)


def _common(stem: str, extension: str) -> Name:
    found = _CANONICAL.search(stem)
    if found:
        return Name(stem[: found.start()], parse_version(found["version"]), extension)
    found = _LAST.search(stem)
    if found is None or OF_OTHERS.search(stem[: found.start()]):
        draft = _DRAFT.fullmatch(stem)
        number = Version(int(draft["number"]), shown=draft["number"]) if draft else None
        return Name(draft["subject"] if draft else stem, number, extension, stem if draft else "")
    version = whole_version(found["version"] or found["bare"])
    return Name(stem[: found.start()], version, extension, stem, found["language"] or "")


def by_form(form: VersionForm, stem: str) -> tuple[str, Version] | None:
    """(subject, version) of a stem that is written in a form of the user's."""
    found = compiled(form.pattern).search(stem)
    version = _of_groups(found.groupdict()) if found else None
    if found is None or version is None:
        return None
    groups = found.groupdict()
    if groups.get("subject"):
        return groups["subject"], version
    return stem[: found.start()] + (groups.get("rest") or "") + stem[found.end() :], version


def _of_groups(groups: dict[str, str | None]) -> Version | None:
    written = groups.get("version")
    if written:
        return whole_version(written.lstrip("vV"))
    day = re.fullmatch(r"(\d{4})\D?(\d\d)\D?(\d\d)", groups.get("date") or "", re.ASCII)
    if day:
        return Version(int(day[1]), int(day[2]), int(day[3]), shown="-".join(day.groups()))
    number = groups.get("number") or ""
    return Version(int(number), shown=number) if re.fullmatch(r"\d{1,6}", number, re.ASCII) else None


def _in_snapshot(form: VersionForm, name: Name, folders: list[str]) -> tuple[Name, list[str]]:
    """A name in a folder of one version: the nearest such folder says which."""
    for at in range(len(folders) - 1, -1, -1):
        found = compiled(form.pattern).fullmatch(folders[at])
        version = _of_groups(found.groupdict()) if found else None
        if version is not None:
            return Name(name.subject, version, name.extension, name.stem), folders[:at] + folders[at + 1 :]
    return name, folders


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def is_document_name(filename: str) -> bool:
    """Whether a file of this name is a document; every other file is an attachment."""
    stem, extension = _split_extension(filename)
    return bool(extension) or _CANONICAL.search(fold(stem)) is not None


class PhaseFolder(Struct, frozen=True):
    """A folder of a phase: its number (None for a track, which has none), and the words of its slug.

    ``folder`` is its path below ``phases/``, without that ("engine/phase-57-x" of a phase in a track); ``key`` tells it
    apart. ``is_file`` of a phase that has no folder, only files that are named after it.
    """

    folder: str
    number: int | None
    slug: str
    key: PhaseKey | None = None
    is_file: bool = False

    @property
    def track(self) -> str:
        """The folder that the phase is one of several in, "" for those of the record."""
        return self.folder.rpartition("/")[0]


@lru_cache(maxsize=4096)
def parse_phase_folder(folder: str) -> PhaseFolder:
    """``phase-57-marketing-engagement-creation``, ``Phase_57``, ``57-marketing`` → 57; zeros may pad, the slug is
    optional. Folders above it are its track."""
    track, _, last = folder.rpartition("/")
    found = _PHASE_FOLDER.match(fold(last))
    if found is None:
        return PhaseFolder(folder, None, last)
    number = int(found["number"] or found["bare"])
    slug = re.sub(r"[_ ]", "-", found["slug"] or "")
    key = _key(number, found["letter"])
    return PhaseFolder(folder, number, slug, f"{track}/{key}" if track else key)


def _key(number: int, letter: str | None) -> PhaseKey:
    return f"{number}{letter.lower()}" if letter else number


@_remembered
def phase_folder(path: str) -> PhaseFolder | None:
    """The phase that a document belongs to, by the folders below ``phases/`` on its path: the first that has a number,
    else the first, a track. A file that lies in ``phases/`` itself belongs to the phase that it names."""
    *folders, filename = path.split("/")
    folders = [folder for folder in folders if not COMMON.is_archive(folder)]
    roots = [at for at, folder in enumerate(folders) if folder.casefold() == PHASES]
    if not roots:
        return None
    above, below = folders[: roots[0]], folders[roots[0] + 1 :]
    if not below:
        key = parse_name(filename).phase_key
        return None if key is None else replace(parse_phase_folder("/".join([*above, f"phase-{key}"])), is_file=True)
    numbered = (
        at for at, folder in enumerate(below)
        if (not at or folder.casefold().startswith("phase")) and parse_phase_folder(folder).number is not None
    )  # fmt: skip
    return parse_phase_folder("/".join([*above, *below[: next(numbered, 0) + 1]]))


@_remembered
def phase_number(path: str) -> int | None:
    """The number of the phase that a document below ``phases/`` belongs to: that of its folder, else, in a track, the
    number that its name begins with."""
    folder = phase_folder(path)
    if folder is None or folder.number is not None:
        return folder.number if folder else None
    return parse_name(path.rpartition("/")[2]).phase_number


def section(path: str) -> str:
    """The first folder of a path, or "" for a document at the top."""
    first, slash, _ = path.partition("/")
    return first if slash else ""


@_remembered
def in_archive(path: str) -> bool:
    """Whether a folder of the archive is on the path, by the common names of such folders."""
    return any(COMMON.is_archive(folder) for folder in path.split("/")[:-1])


@_remembered
def without_archive(path: str) -> str:
    """The path without its archive folders, by the common names of such folders: where a chain lives."""
    return COMMON.without_archive(path)


def _split_extension(filename: str) -> tuple[str, str]:
    for extension in EXTENSIONS:
        if filename.endswith(extension) and len(filename) > len(extension):
            return filename[: -len(extension)], extension
    return filename, ""
