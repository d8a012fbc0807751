"""Characters that a reader does not see, or that turn what is read: shown as their code points."""

from __future__ import annotations

import re

# Control characters, which HTML forbids; characters that turn the direction of text, or that nobody sees (UTR 36, UTS
# 39), but for those that are folded where
# names are recognised (``source/folding.py``): no name with them can pass for another. Two more join letters in scripts
# that need it, and pictures: they are left alone between characters outside ASCII.
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
