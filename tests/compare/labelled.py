"""Labelled edit pairs: two versions of a text, and the words that really changed between them.

The labels are checked before they are used: what is left of either version without its labelled words must be
the same text. Characters are counted without white space.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from compare.rendering import rendered

FOLDER = Path(__file__).parent / "pairs"
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"</(?:p|li|h\d|td|th|tr|pre)>")


@dataclass(frozen=True)
class LabelledPair:
    """``removed`` and ``added`` are the words that really changed, in the order in which they stand."""

    name: str
    kind: str
    why: str
    old: str
    new: str
    removed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def size(self) -> int:
        """Characters that really changed."""
        return sum(len(squeezed(words)) for words in (*self.removed, *self.added))


def labelled_pairs() -> list[LabelledPair]:
    return [_read(path) for path in sorted(FOLDER.glob("*.toml"))]


def squeezed(text: str) -> str:
    """Without white space."""
    return "".join(text.split())


def visible(html: str) -> str:
    """The text of rendered HTML, its blocks kept apart."""
    return unescape(_TAG.sub("", _BREAK.sub("\n", html)))


def left_over(text: str, words: tuple[str, ...]) -> str:
    """``text`` without ``words``, each taken out once, in order; in one of the possible ways."""
    at = 0
    kept = []
    for word in words:
        start, end = (r"(?<!\w)" * word[0].isalnum(), r"(?!\w)" * word[-1].isalnum())
        found = re.compile(f"{start}{re.escape(word)}{end}").search(text, at)
        if found is None:
            raise ValueError(f"'{word}' does not stand after what is labelled before it")
        kept.append(text[at : found.start()])
        at = found.end()
    return squeezed("".join([*kept, text[at:]]))


def _read(path: Path) -> LabelledPair:
    values = tomllib.loads(path.read_text("utf-8"))
    return LabelledPair(
        path.stem, values["kind"], values["why"], rendered(values["old"]), rendered(values["new"]),
        tuple(values["removed"]), tuple(values["added"]),
    )  # fmt: skip
