"""Places: where a text says that something is held ("engine repo docs/phase-impl-notes/", "project knowledge")."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

DEFAULT_PLACES = (
    "engine repo",
    "engine repository",
    "Operator Layer repo",
    "Operator Layer repository",
    "OL repo",
    "marketing site repo",
    "workshop repo",
    "project knowledge",
)
_FOLDER = r"(?:~/|/)?(?:[A-Za-z0-9_.-]+/)+"
_JOINT = re.compile(r"\s+(?:at|on|in)\s+(?:the\s+)?")
# In the engine's repository, whatever part of it is named.
_SYNONYM = re.compile(r"\b(?P<repo>engine|OL|Operator Layer) (?:HEAD|branch|commit|main)\b")


class Places:
    """The configured places, compiled. Made once: see ``places_of``."""

    def __init__(self, names: Iterable[str]) -> None:
        ordered = sorted(set(names), key=lambda name: (-len(name), name))
        alternatives = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in ordered)
        inside = rf"(?:\s+(?:at\s+)?(?:docs/|{_FOLDER}))?[A-Za-z0-9_/-]*"
        self._one = rf"(?:(?:{alternatives})\b{inside}|docs/(?:[A-Za-z0-9_-]+/)+)"
        self._any = re.compile(self._one, re.IGNORECASE)
        self._after = re.compile(
            rf"\s*(?:§\S+\s*)?,?\s*(?:(?:is|are|was|were|both|all|lives?|stays?)\s+)?"
            rf"(?:(?:filed|held|kept|stored|archived|preserved)\s+)?(?:at|in|on|from|under)\s+(?:the\s+)?(?P<place>{self._one})",
            re.IGNORECASE,
        )
        self._before = re.compile(
            rf"(?P<place>(?:{alternatives})\b)(?:\s+(?:at|under)|\s*[:,]|\s+on\s+branch\s+\S+|['’]s)?\s*(?:the\s+)?$",
            re.IGNORECASE,
        )
        self._last_words = {name.split()[-1].casefold() for name in ordered if name.split()}
        self._kept = re.compile(
            rf"\b(?:archived|preserved|held|kept|filed|stored|live|lives)\s+(?:at|in|on|under)\s+(?:the\s+)?(?P<place>{self._one})",
            re.IGNORECASE,
        )
        self._bracket = re.compile(r"[^.;()\x1a]{0,40}\((?P<inner>[^()\x1a]{1,240})\)?")

    def all_in(self, text: str) -> str:
        """All places named in ``text``, in order, joined by "; "."""
        found = [_plain(place.group()) for place in self._any.finditer(text)]
        found += [f"{place['repo']} repo" for place in _SYNONYM.finditer(text)] if not found else []
        return "; ".join(dict.fromkeys(found))

    def after(self, text: str, at: int, high: int) -> str:
        """The place said directly after a name: in a bracket, or "at …"."""
        bracket = self._bracket.match(text, at, min(high, at + 300))
        if bracket and (said := self.all_in(bracket["inner"])):
            return said
        following = self._after.match(text, at, min(high, at + 200))
        if following:
            return _plain(following["place"])
        said_otherwise = _SYNONYM.match(text, _skip(text, at), min(high, at + 60))
        return f"{said_otherwise['repo']} repo" if said_otherwise else ""

    def before(self, text: str, low: int, at: int) -> str:
        """The place said directly before a name: "engine repo at …"."""
        low = max(low, at - 90)
        words = text[low:at].casefold()
        found = self._before.search(text, low, at) if any(word in words for word in self._last_words) else None
        return _plain(found["place"]) if found else ""

    def kept(self, sentence: str) -> str:
        """The place that the rest of a sentence says of all that it names: "all archived at …"."""
        found = self._kept.search(sentence)
        return _plain(found["place"]) if found else ""


def _skip(text: str, at: int) -> int:
    found = _JOINT.match(text, at)
    return found.end() if found else at


def _plain(place: str) -> str:
    return " ".join(place.replace(" at ", " ").split()).rstrip(".,;")


@lru_cache(maxsize=8)
def places_of(configured: tuple[str, ...] = ()) -> Places:
    """The places of a configuration: its own and the defaults."""
    return Places((*configured, *DEFAULT_PLACES))
