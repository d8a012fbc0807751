"""Versions of documents: two or three numbers, compared as numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

from loomworks_record.source.folding import fold_markdown

_WRITTEN = re.compile(r"\s*[vV]?(?P<major>[0-9]{1,6})[._](?P<minor>[0-9]{1,6})(?:[._](?P<patch>[0-9]{1,6}))?(?![0-9_])")


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """``major.minor[.patch]``. ``str()`` gives "0.2" (no v), ``slug`` gives "v0_2" as in file names."""

    major: int
    minor: int
    patch: int | None = None

    def __str__(self) -> str:
        # Every page names several versions: this is the shortest way.
        text = f"{self.major}.{self.minor}"
        return text if self.patch is None else f"{text}.{self.patch}"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return version_key(self) < version_key(other)

    @property
    def slug(self) -> str:
        text = f"v{self.major}_{self.minor}"
        return text if self.patch is None else f"{text}_{self.patch}"


def version_key(version: Version | None) -> tuple[int, int, int]:
    """Sorts versions as numbers; no version comes before every version, v0.1 before v0.1.2."""
    if version is None:
        return (-1, -1, -1)
    return (version.major, version.minor, -1 if version.patch is None else version.patch)


def parse_version(text: str) -> Version | None:
    """The version that ``text`` starts with ("0.2", "v0.2", "v0_2", "0.1.2 (draft)"), or None.

    The inverse of ``str`` and of ``slug``.
    """
    found = _WRITTEN.match(fold_markdown(text))
    if found is None:
        return None
    patch = found["patch"]
    return Version(int(found["major"]), int(found["minor"]), None if patch is None else int(patch))
