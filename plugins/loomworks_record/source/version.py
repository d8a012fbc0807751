"""Versions of documents: the one grammar of how they are written, and their order.

A version is one to three numbers (``v2``, ``v0_2``, ``v1.0.2``), a letter after them (``v0.4a``: a small revision,
after v0.4), and a stage (``-draft``, ``-rc1``, ``-final``, ``-patch``). Stages are ordered as PEP 440 orders them
where it has them: what comes before a release is before it, what comes after is after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, total_ordering

from loomworks_record import lazy
from loomworks_record.source.folding import fold_markdown

# Numbers as ``int`` writes them (no zeros before, at most six digits).
NUMBER = r"(?:0|[1-9][0-9]{0,5})"
NUMBERS = rf"{NUMBER}(?:[._]{NUMBER}){{0,2}}"
# Stages and their place beside the release itself (0).
STAGES = {
    "dev": -6, "wip": -6, "draft": -5, "alpha": -4, "a": -4, "beta": -3, "b": -3, "preview": -2, "pre": -2, "rc": -1,
    "final": 1, "release": 1, "post": 2, "patch": 2, "hotfix": 2, "rev": 2,
}  # fmt: skip
_WORDS = "|".join(sorted((word for word in STAGES if len(word) > 1), key=lambda word: (-len(word), word)))
STAGE = rf"(?:[-_. ]?(?:{_WORDS})(?:[-_. ]?[0-9]{{1,3}})?|[ab][0-9]{{1,3}})(?![A-Za-z0-9])"
# What may follow the numbers, as in "0.4a", "1.0-rc1", "1.0b2".
TAIL = rf"(?:{STAGE}|[a-z](?![A-Za-z0-9])(?:{STAGE})?)?"
# A version of two or three numbers in running text, with its v.
IN_TEXT = r"v\d{1,4}[._]\d{1,4}(?:[._]\d{1,4})?"
# One of one number: not a part of a word, a path or a longer number ("v2-only", "v2/users", "v1.x").
ONE_IN_TEXT = r"v\d{1,3}(?![\w@]|[-/](?!v\d)|[.,](?!v\d)\w)"

_WRITTEN = lazy.regex(r"\s*[vV]?(?P<major>[0-9]{1,6})[._](?P<minor>[0-9]{1,6})(?:[._](?P<patch>[0-9]{1,6}))?(?![0-9_])")
_WHOLE = lazy.regex(
    rf"(?P<major>[0-9]{{1,6}})(?:[._](?P<minor>{NUMBER}))?(?:[._](?P<patch>{NUMBER}))?(?P<tail>{TAIL})", re.IGNORECASE
)
_SAID = lazy.regex(
    rf"[\s\"'“”„«*_`]*(?:version|ver\.?|rev\.?)?\s*v?\.?\s*(?P<version>{NUMBERS}{TAIL})(?![\w]|[._-]\d)",
    re.IGNORECASE,
)
_STAGE = lazy.regex(r"(?P<letter>[a-z](?![a-z0-9]))?(?:-?(?P<word>[a-z]+)-?(?P<number>[0-9]*))?")


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """``major[.minor[.patch]]`` and a ``tail`` ("a", "-draft", "rc1"), in small letters.

    ``str()`` gives "0.2" (no v), ``slug`` gives "v0_2" as in file names. ``shown`` is what ``str()`` gives where the
    numbers alone do not ("2" of ``-v2``, the day of a dated copy). v2 and v2.0 are equal; v0.1 is before v0.1.0.
    """

    major: int
    minor: int = 0
    patch: int | None = None
    tail: str = ""
    shown: str = ""

    def __str__(self) -> str:
        # Every page names several versions: this is the shortest way.
        if self.shown:
            return self.shown
        text = f"{self.major}.{self.minor}"
        return text + self.tail if self.patch is None else f"{text}.{self.patch}{self.tail}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return self.minor == other.minor and version_key(self) == version_key(other)

    def __hash__(self) -> int:
        return hash(version_key(self))

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return version_key(self) < version_key(other)

    @property
    def is_day(self) -> bool:
        """Whether it is the date of a copy."""
        return re.fullmatch(r"\d{4}-\d\d-\d\d", self.shown) is not None

    @property
    def is_one_number(self) -> bool:
        """Whether it is written as one number: the 2 of ``-v2``."""
        return self.shown.isdigit()

    @property
    def slug(self) -> str:
        return "v" + (self.shown or str(self)).replace(".", "_")


def version_key(version: Version | None) -> tuple[int, ...]:
    """Six numbers that sort versions; no version comes before every version, v0.1 before v0.1.2."""
    if version is None:
        return (-1, -1, -1, 0, 0, 0)
    patch = -1 if version.patch is None else version.patch
    if not version.tail:
        return (version.major, version.minor, patch, 0, 0, 0)
    return (version.major, version.minor, patch, *_tail_key(version.tail))


def newest_of_chain(version: Version | None) -> tuple[int, ...]:
    """Sorts versions the other way round."""
    return tuple(-part for part in version_key(version))


@lru_cache(maxsize=512)  # a record says few versions, often
def parse_version(text: str) -> Version | None:
    """The version of two or three numbers that ``text`` starts with ("0.2", "v0_2", "0.1.2 (draft)"), or None.

    The inverse of ``str`` and of ``slug`` where there is no tail.
    """
    found = _WRITTEN.match(fold_markdown(text))
    if found is None:
        return None
    patch = found["patch"]
    return Version(int(found["major"]), int(found["minor"]), None if patch is None else int(patch))


def version_in_text(text: str) -> Version | None:
    """The version that running text has there: "v0.2", "0_2", "v2"."""
    return parse_version(text) or whole_version(text.removeprefix("v"))


def whole_version(text: str) -> Version | None:
    """The version that ``text`` is, without v: "2", "0_2", "0.4a", "4.0.0-draft"; None where it is more or less."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        return None
    minor, patch, tail = found["minor"], found["patch"], _plain(found["tail"])
    shown = found["major"] + tail if minor is None else ""
    return Version(int(found["major"]), int(minor or 0), None if patch is None else int(patch), tail, shown)


def said_version(text: str) -> Version | None:
    """The version that a header's value begins with: as ``parse_version``, and "2", "v0.4a", "1.0-draft"."""
    plain = fold_markdown(text)
    found = _SAID.match(plain)
    return whole_version(found["version"]) if found else parse_version(plain)


def same_version(one: Version, other: Version) -> bool:
    """Whether two versions are the same to a reader: 1.0 and 1.0.0, "0.3" and "0.3-draft" (a status beside it)."""
    alike = (one.major, one.minor, one.patch or 0) == (other.major, other.minor, other.patch or 0)
    if not alike and (one.shown.startswith("0") or other.shown.startswith("0")):
        return str(one).replace(".", "") == str(other).replace(".", "")  # v02 beside 0.2
    return alike and (one.tail == other.tail or not one.tail or not other.tail)


def _plain(tail: str) -> str:
    """A tail in small letters, one hyphen before a word ("_final" → "-final"), none inside ("rc.1" → "rc1")."""
    found = re.fullmatch(r"([a-z](?![a-z0-9]))?([-_. ]?)([a-z]*)[-_. ]?([0-9]*)", tail.lower())
    if found is None or not tail:
        return tail
    letter, mark, word, number = (part or "" for part in found.groups())
    return letter + ("-" if mark and word else "") + word + number


@lru_cache(maxsize=512)
def _tail_key(tail: str) -> tuple[int, int, int]:
    found = _STAGE.fullmatch(tail)
    if found is None:
        return (0, 0, 0)
    letter, word, number = found["letter"], found["word"], found["number"]
    return (ord(letter) - 96 if letter else 0, STAGES.get(word, 0) if word else 0, int(number or 0))
