"""How alike two texts are, by the words they share; and which members of two sequences are worth a look."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from loomworks_record.comparison.alignment import Pair

_WORD = re.compile(r"\w+|[^\w\s]")
_SENTENCE_END = ". "  # its point is a word by itself
_RARE = 4  # a word in at most so many members of a sequence is worth following
_FOLLOWED = 4  # members looked at for each member of the other sequence, where there are too many for all pairs


class Profile(Struct, frozen=True):
    """The words of a text with their counts, and once more those that occur again; ``size`` is their characters."""

    words: Counter[str]
    repeated: dict[str, int]
    size: int


def profile(text: str) -> Profile:
    found = _WORD.findall(text)
    words = Counter(found)
    repeated = {word: times for word, times in words.items() if times > 1} if len(words) < len(found) else {}
    return Profile(words, repeated, sum(map(len, found)))


def shared(old: Profile, new: Profile) -> int:
    """Characters of the words that both have."""
    if old is new:
        return old.size
    once = sum(map(len, old.words.keys() & new.words.keys()))
    fewer, more = sorted((old.repeated, new.repeated), key=len)
    return once + sum(len(word) * (min(times, more[word]) - 1) for word, times in fewer.items() if word in more)


class Sentences(Struct, frozen=True):
    """The sentences of a text, each with the characters of its words; ``size`` are those of the text, as in its
    profile. Found in a fraction of the time that its words take."""

    sizes: dict[str, int]
    size: int


def sentences(text: str) -> Sentences:
    found = text.split(_SENTENCE_END)
    sizes = {sentence: len("".join(sentence.split())) for sentence in found}  # words are all but whitespace
    return Sentences(sizes, sum([sizes[sentence] for sentence in found]) + len(found) - 1)


def least_shared(old: Sentences, new: Sentences) -> int:
    """Characters of the words that both have at least: those of the sentences that both have."""
    return sum([size for sentence, size in old.sizes.items() if sentence in new.sizes])


def likeness(old: Profile, new: Profile) -> float:
    """0 (no word in common) to 1 (the same words)."""
    total = old.size + new.size
    return 2 * shared(old, new) / total if total else 1.0


def weight(old: Profile, new: Profile, least: float) -> float:
    """Characters in common, for texts that are alike enough; else 0."""
    total = old.size + new.size
    if 2 * min(old.size, new.size) < least * total:
        return 0.0
    common = shared(old, new)
    alike = 2 * common / total if total else 1.0
    return common + alike if alike >= least else 0.0


def candidates(old: Sequence[Profile], new: Sequence[Profile], most: int) -> Iterator[Pair]:
    """Pairs that may be alike: all of them up to ``most``, past it those that share rare words."""
    if len(old) * len(new) <= most:
        yield from ((one, other) for one in range(len(old)) for other in range(len(new)))
        return
    places: dict[str, list[int]] = defaultdict(list)
    for at, entry in enumerate(new):
        for word in entry.words:
            places[word].append(at)
    for at, entry in enumerate(old):
        votes: Counter[int] = Counter()
        for word in entry.words:
            found = places.get(word, ())
            if len(found) <= _RARE:
                votes.update(dict.fromkeys(found, len(word)))
        yield from ((at, other) for other, _ in votes.most_common(_FOLLOWED))
