"""Phrases: what authors call a document before a version or a § ("Phase 10 CR", "cycle-2 scoping note")."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from loomworks_record.source.kinds import HANDOFFS, SCOPINGS, KindTable, Role

_WORD = re.compile(r"\S+")
_OPENING = "([{\"'“‘«"
_ENDING = ',.;:)]}!?"”»'
_POSSESSIVE = re.compile(r"['’]s$")
_CYCLE = re.compile(r"(?:amendment )?cycle (\d{1,2})$|amendment (\d{1,2})$")
_PHASE_NUMBER = re.compile(r"(\d{1,4})(?:['’]s)?$")
_OWN = frozenset({"this", "the present"})
_NO_SUBJECT = frozenset(
    """
    a an the of in on at to by per see and or with from for as is was are its this that these those new old current
    latest amended updated both each our under via than against into through which cites read reads reading draft
    drafted prior same next own whole source existing since until above below
    """.split()  # noqa: SIM905 - a list of words reads better than seventy strings
)
_LOOK_BACK = 140  # characters before a version or § in which its phrase is looked for
_SHORT = 5  # letters of a subject that owns versions only: "plan v2"
_LONGEST = 7  # words of a phrase
_MOST_WORDS = _LONGEST + 5  # words before a version or § of which a phrase and what qualifies it may be made


class Phrase(NamedTuple):
    """``kinds`` that the words stand for, widest meaning last; ``start`` in the flat text.

    ``name`` are the words, folded. ``subject`` are the words before a broad kind ("playground" of
    "Playground Spec"). Where the words are the subject of a chain, ``kinds`` is empty.
    """

    start: int
    name: str
    kinds: tuple[str, ...]
    phase: int | None = None
    cycle: int | None = None
    own: bool = False
    subject: tuple[str, ...] = ()


class Subjects:
    """The words that the chains of a record are named by.

    Whoever reads a text notes what was asked: as long as the answers are the same, the text reads the same, whatever
    else comes to be filed.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = frozenset(folded(name) for name in names)
        self.asked: set[str] = set()

    def __contains__(self, name: str) -> bool:
        self.asked.add(name)
        return name in self.names

    @property
    def known(self) -> tuple[str, ...]:
        """Those of the words asked for that chains are named by, sorted."""
        return tuple(sorted(self.asked & self.names))


class Phrases:
    """The words of the kind table, and the subjects of the record's chains."""

    def __init__(self, kinds: KindTable, subjects: Subjects) -> None:
        self._kinds: dict[str, tuple[str, ...]] = {}
        for row in kinds.rows:
            for words in row.words:
                known = self._kinds.get(folded(words), ())
                self._kinds[folded(words)] = tuple(dict.fromkeys((*known, row.kind)))
        # "handoff" alone may mean any of them, "scoping note" an amendment's.
        families: tuple[tuple[Role, frozenset[Role]], ...] = (("handoff", HANDOFFS), ("scoping", SCOPINGS))
        for general, roles in families:
            wider = [row.kind for row in kinds.of_role(*roles)]
            for words in {folded(words) for row in kinds.of_role(general) for words in row.words}:
                self._kinds[words] = tuple(dict.fromkeys((*self._kinds[words], *wider)))
        self._kinds |= {f"{name}s": kinds for name, kinds in self._kinds.items()}  # "CRs v0.1 to v0.3"
        self._subjects = subjects
        self._broad = frozenset(row.kind for row in kinds.all_rows() if row.broad)

    def before(self, text: str, low: int, at: int, section: bool = False) -> Phrase | None:
        """The phrase that ends at ``at``, not reaching back past ``low``.

        With ``section`` it stands before a §, where a possessive may end it ("CR's §3").
        """
        words = _words(text, max(low, at - _LOOK_BACK), at, section)
        if not words:
            return None
        folds = [folded(word) if "-" in word else word.casefold() for _, word in words]
        first = max(0, len(words) - _LONGEST)
        name = " ".join(folds[first:])
        while not (name in self._kinds or (name in self._subjects and not (section and len(name) <= _SHORT))):
            name = name[len(folds[first]) + 1 :]
            first += 1
            if first == len(words):
                return None
        kinds = self._kinds.get(name, ())
        phrase = Phrase(words[first][0], name, kinds)
        if kinds and kinds[0] in self._broad:
            phrase = _with_subject(phrase, words, folds, first)
            first = next(n for n, (start, _) in enumerate(words) if start == phrase.start)
        return _qualified(phrase, words, folds, first)

    def after(self, text: str, at: int, high: int, subjects: bool = False) -> tuple[Phrase, int] | None:
        """The phrase that begins at ``at``, and where it ends: for "§4 of the amendment handoff". With ``subjects`` it
        may be the subject of a chain."""
        found = list(_WORD.finditer(text, at, min(high, at + 80)))[:4]
        words = [word.group() for word in found]
        for size in range(len(words), 0, -1):
            inner = [*words[: size - 1], words[size - 1].rstrip(_ENDING)]
            name = " ".join(folded(word) for word in inner)
            if name in self._kinds or (subjects and name in self._subjects):
                end = found[size - 1].start() + len(inner[-1])
                return Phrase(at, name, self._kinds.get(name, ())), end
        return None


def folded(words: str) -> str:
    """Lower case, hyphens and runs of white space as one blank."""
    return " ".join(words.replace("-", " ").casefold().split())


def _words(text: str, low: int, at: int, section: bool) -> list[tuple[int, str]]:
    """The words just before ``at`` that may belong to one phrase, each with its place."""
    pieces = text[low:at].rsplit(None, _MOST_WORDS)
    if len(pieces) > _MOST_WORDS:
        del pieces[0]  # what is left, further back than a phrase reaches
    elif low and pieces and not text[low - 1].isspace() and text[low - 1] != "\x1a" and text.startswith(pieces[0], low):
        del pieces[0]  # cut in half by the limit
    place = at
    if section and pieces and pieces[-1] == "full":
        place = text.rfind(pieces.pop(), low, place)
    words: list[tuple[int, str]] = []
    while pieces:
        word = pieces.pop()
        place = text.rfind(word, low, place)
        opened = len(word) - len(word.lstrip(_OPENING))
        bare = word[opened:]
        if not words:
            bare = _POSSESSIVE.sub("", bare) if section else bare
            bare = bare.rstrip("\"”'’»")
        if not bare or bare[-1] in _ENDING or "\x1a" in bare:
            break
        words.append((place + opened, bare))
        if opened or len(words) > _LONGEST + 3:
            break
    words.reverse()
    return words


def _with_subject(phrase: Phrase, words: list[tuple[int, str]], folds: list[str], first: int) -> Phrase:
    """Up to three words before a broad kind that say which one it is."""
    begin = first
    while begin and first - begin < 3 and folds[begin - 1] not in _NO_SUBJECT and folds[begin - 1][:1].isalnum():
        begin -= 1
    subject = tuple(word for fold in folds[begin:first] for word in fold.split())
    return Phrase(words[begin][0], phrase.name, phrase.kinds, subject=subject)


def _qualified(phrase: Phrase, words: list[tuple[int, str]], folds: list[str], first: int) -> Phrase:
    """With the phase, the cycle or the "this" that stands before it."""
    start, phase, cycle, own = phrase.start, None, None, False
    for size in (3, 2, 1):
        if first >= size and cycle is None:
            said = _CYCLE.fullmatch(" ".join(folds[first - size : first]))
            if said:
                cycle, first = int(said[1] or said[2]), first - size
                start = words[first][0]
    if first and _POSSESSIVE.sub("", folds[first - 1]) in _OWN:
        own = True
    number = _PHASE_NUMBER.fullmatch(words[first - 1][1]) if first >= 2 else None
    if number and folds[first - 2] == "phase":
        phase, start = int(number[1]), words[first - 2][0]
    return Phrase(start, phrase.name, phrase.kinds, phase, cycle, own, phrase.subject)
