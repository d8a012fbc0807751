"""Signs that nobody sees, folded (hyphens and blanks that do not break, soft hyphens, blanks without width) or, where
they turn what is read, shown as their code points.

Word processors and language models write them within names and numbers. What is recognised is recognised in the
folded text; what is shown is what was filed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_SIGNS = {
    "\u2010": "-",  # hyphen
    "\u2011": "-",  # non-breaking hyphen
    "\u00a0": " ",  # no-break space
    "\u202f": " ",  # narrow no-break space
    "\u2007": " ",  # figure space
    "\u00ad": "",  # soft hyphen
    "\u200b": "",  # zero-width space
    "\u2060": "",  # word joiner
}
_TABLE = str.maketrans(_SIGNS)
# A backslash before punctuation is a mark of Markdown (CommonMark 0.31.2 §2.4).
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class FoldedText(NamedTuple):
    """A folded ``text``; ``places[n]`` is where its n-th character stands in the text that was ``filed``, and the last
    one where that ends."""

    text: str
    filed: str
    places: Sequence[int]

    def as_filed(self, start: int, end: int | None = None) -> str:
        """The filed words of a piece of the folded text."""
        return self.filed[self.places[start] : len(self.filed) if end is None else self.end(end)]

    def end(self, end: int) -> int:
        """Where a piece that ends at ``end`` ends in the filed text: signs without width after it stay outside."""
        return self.places[end - 1] + 1 if end else 0


def fold(text: str) -> str:
    """``text`` as it is compared."""
    return text.translate(_TABLE) if _has_signs(text) else text


def folded(text: str) -> FoldedText:
    """``text`` as it is compared, with the places of its characters."""
    if not _has_signs(text):
        return FoldedText(text, text, range(len(text) + 1))
    places = [at for at, sign in enumerate(text) if _SIGNS.get(sign) != ""]
    return FoldedText(text.translate(_TABLE), text, [*places, len(text)])


def fold_markdown(text: str) -> str:
    """The same of text as it stands in Markdown: escapes go too (``v0\\_2`` is v0_2)."""
    plain = _ESCAPED.sub(r"\1", text) if "\\" in text else text
    return fold(plain)


def _has_signs(text: str) -> bool:
    # Each of these searches runs at the speed of memchr; one for a set of signs does not.
    return not text.isascii() and any(sign in text for sign in _SIGNS)


# Control characters, which HTML forbids; characters that turn the direction of text, or that nobody sees (UTR 36, UTS
# 39), but for those that are folded where names are recognised: no name with them can pass for another. Two more join
# letters in scripts that need it, and pictures: they are left alone between characters outside ASCII.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u115f\u1160\u180e\u200e\u200f\u202a-\u202e\u2061-\u2064\u2066-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f]"
    "|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)

_MAYBE_INVISIBLE = re.compile(  # a set alone is searched many times faster
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u115f\u1160\u180e\u200c-\u200f\u202a-\u202e\u2061-\u2064\u2066-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_PLAIN = b"\t\n" + bytes(range(0x20, 0x7F))


def has_invisible(text: str) -> bool:
    """Whether ``text`` may hold what ``without_invisible`` changes."""
    # Nearly all of a page is plain ASCII: to leave that out first costs a fourth of looking at it sign by sign.
    rest = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
    return _MAYBE_INVISIBLE.search(rest.decode("utf-8", "surrogatepass")) is not None


def without_invisible(text: str) -> str:
    """Direction overrides and invisible characters as visible signs: a name may not read as another."""
    if not has_invisible(text):
        return text
    return _INVISIBLE.sub(lambda found: f"⟦U+{ord(found.group()):04X}⟧", text)
