"""Sections: their numbers, and which section of one side is which of the other.

Title and text together decide first, then number and title, then the title (a section that was renumbered), then the
text alone, then the number if some of the text stayed. So an inserted section does not shift those after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from loomworks_record.comparison.alignment import Pair, heaviest_chain
from loomworks_record.comparison.blocks import Block
from loomworks_record.comparison.similarity import Profile, candidates, likeness, profile
from loomworks_record.comparison.values import SectionName

_SENTENCE = 20  # characters of a sentence in common from which two sections with one number are one section
_SAME_TEXT = 0.6  # likeness from which two sections are, whatever their numbers and titles
_MOVED = 0.5  # likeness from which a section in another place counts as moved
_MOVED_SIZE = 40  # characters; a shorter section elsewhere is removed here and added there


@dataclass(frozen=True)
class ComparedSection:
    """A heading with what follows it up to the next heading; the first section of a body has no heading."""

    heading: Block | None
    blocks: tuple[Block, ...]

    @cached_property
    def name(self) -> SectionName:
        return self.heading.name if self.heading else SectionName("", "")

    @cached_property
    def all_blocks(self) -> tuple[Block, ...]:
        return (self.heading, *self.blocks) if self.heading else self.blocks

    @cached_property
    def key(self) -> tuple[str, ...]:
        return tuple(block.key for block in self.blocks)

    @cached_property
    def profile(self) -> Profile:
        return profile(" ".join(block.text for block in self.all_blocks))

    @cached_property
    def words_size(self) -> int:
        """Characters of all words, as in ``profile``."""
        return sum(block.content.sentences.size for block in self.all_blocks)

    @cached_property
    def size(self) -> int:
        """Characters of HTML without ids: enough to weigh one section against another."""
        return sum(len(block.key) for block in self.all_blocks)

    @property
    def level(self) -> int:
        return self.heading.level if self.heading else 0


def sections(found: Sequence[Block]) -> list[ComparedSection]:
    """The sections of a body, flat: a heading of any level begins one."""
    starts = [0, *(at for at, block in enumerate(found) if block.kind == "heading"), len(found)]
    parts = [found[start:end] for start, end in pairwise(starts)]
    first = ComparedSection(None, tuple(parts[0]))
    return [first, *(ComparedSection(part[0], tuple(part[1:])) for part in parts[1:])]


def matched_sections(old: Sequence[ComparedSection], new: Sequence[ComparedSection], most: int) -> list[Pair]:
    """Which sections are the same, in any order. The first sections are always the same."""
    left, right = set(range(1, len(old))), set(range(1, len(new)))
    pairs: list[Pair] = [(0, 0)]

    def take(found: Iterable[Pair]) -> None:
        for one, other in found:
            if one in left and other in right:
                pairs.append((one, other))
                left.discard(one)
                right.discard(other)

    whole = [[(part.name.title, part.key) if part.key else None for part in side] for side in (old, new)]
    take(_unique(left, right, *whole))
    take(_by_key(old, new, left, right, lambda section: section.name))
    titles = [[(section.level, section.name.title) for section in side] for side in (old, new)]
    take(pair for pair in _unique(left, right, *titles) if old[pair[0]].name.title)
    take(_by_text(old, new, sorted(left), sorted(right), most))
    numbers = _unique(left, right, *([section.name.mark for section in side] for side in (old, new)))
    take(pair for pair in numbers if _goes_on(old[pair[0]], new[pair[1]]))
    return sorted(pairs)


def in_place(
    old: Sequence[ComparedSection], new: Sequence[ComparedSection], pairs: Sequence[Pair]
) -> tuple[list[Pair], list[Pair]]:
    """``pairs`` that keep their order (as much text as can), and those of the others that count as moved."""
    weights = {pair: old[pair[0]].size + new[pair[1]].size + 1.0 for pair in pairs}
    weights[0, 0] = sum(weights.values()) + 1.0  # what stands before the first heading stays there
    kept = heaviest_chain(weights)
    others = sorted(set(pairs) - set(kept))
    moved = [
        (one, other)
        for one, other in others
        if new[other].words_size >= _MOVED_SIZE and _are_alike(old[one], new[other], _MOVED)
    ]
    return kept, moved


def _by_key(
    old: Sequence[ComparedSection], new: Sequence[ComparedSection], left: set[int], right: set[int],
    key: Callable[[ComparedSection], Hashable],
) -> list[Pair]:  # fmt: skip
    """Sections with equal keys. Where several share one, those with equal text first, then in order."""
    groups: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, (found, open_) in enumerate(((old, left), (new, right))):
        for at in sorted(open_):
            groups[key(found[at])][side].append(at)
    pairs: list[Pair] = []
    for ones, others in groups.values():
        if len(ones) > 1 or len(others) > 1:
            equal = _unique(set(ones), set(others), [section.key for section in old], [section.key for section in new])
            pairs += equal
            ones = [at for at in ones if at not in {one for one, _ in equal}]
            others = [at for at in others if at not in {other for _, other in equal}]
        pairs += zip(ones, others, strict=False)
    return pairs


def _unique(left: set[int], right: set[int], old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Members of ``left`` and ``right`` whose value occurs once on either side, and is not empty."""
    once: list[dict[Hashable, int | None]] = [{}, {}]
    for side, (open_, values) in enumerate(((left, old), (right, new))):
        for at in sorted(open_):
            once[side][values[at]] = None if values[at] in once[side] else at
    found = ((at, once[1].get(value)) for value, at in once[0].items() if value)
    return [(at, other) for at, other in found if at is not None and other is not None]


def _by_text(
    old: Sequence[ComparedSection], new: Sequence[ComparedSection], left: list[int], right: list[int], most: int
) -> list[Pair]:
    before, after = [old[at].profile for at in left], [new[at].profile for at in right]
    scored = [(likeness(before[one], after[other]), one, other) for one, other in candidates(before, after, most)]
    best = sorted((entry for entry in scored if entry[0] >= _SAME_TEXT), key=lambda entry: (-entry[0], entry[1:]))
    return [(left[one], right[other]) for _, one, other in best]


def _goes_on(old: ComparedSection, new: ComparedSection) -> bool:
    """Whether of two sections with one number the newer is the older, rewritten: a word in common may be chance."""
    before, after = ({s for b in part.blocks for s in b.content.sentences.sizes} for part in (old, new))
    return any(len(sentence) >= _SENTENCE for sentence in before & after)


def _are_alike(old: ComparedSection, new: ComparedSection, least: float) -> bool:
    """Whether the likeness of two sections is at least ``least``; their words are looked at only where the blocks that
    they share do not say so."""
    blocks = {block.key: block for block in old.all_blocks}
    common = sum(
        block.content.sentences.size
        for block in {block.key: block for block in new.all_blocks if block.key in blocks}.values()
    )
    if common and 2 * common / (old.words_size + new.words_size) >= least:
        return True
    return likeness(old.profile, new.profile) >= least
