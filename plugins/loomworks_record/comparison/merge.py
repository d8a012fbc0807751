"""Two sequences of blocks laid over each other: which correspond, and what both look like as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from weakref import WeakKeyDictionary

from msgspec import Struct

from loomworks_record.comparison.alignment import Effort, Pair, chain_of, heaviest_chain, matched
from loomworks_record.comparison.blocks import Block, BlockContent
from loomworks_record.comparison.code import merged_code
from loomworks_record.comparison.elements import comparable
from loomworks_record.comparison.marks import one_sided
from loomworks_record.comparison.nodes import Element, Node
from loomworks_record.comparison.similarity import candidates, least_shared, weight
from loomworks_record.comparison.tables import merged_table
from loomworks_record.comparison.words import joined, marked_contents

_LEAST = 0.35  # likeness from which two blocks are one block that changed
_LEAST_ALONE = 0.2  # the same for two blocks that stand alone between equal ones

_CERTAIN = 2.0  # more than a weight can be above the characters shared

BlockPair = tuple[Block | None, Block | None]


class _MergeResult(Struct, frozen=True):
    """What two blocks became, and what that took; ``most`` is that of the Merger."""

    content: BlockContent | None
    spent: Effort
    most: int


# The same two blocks meet again: what changed from one version to the next did so for the current one, too. By the
# new block, then by the old one: it goes with the bodies that hold them.
_made: WeakKeyDictionary[BlockContent, WeakKeyDictionary[BlockContent, _MergeResult]] = WeakKeyDictionary()


class Merger(Struct, frozen=True):
    """Lays blocks over each other within ``effort``; ``most`` bounds the pairs of blocks looked at in one gap."""

    effort: Effort
    most: int

    def matched(self, old: Sequence[Block], new: Sequence[Block]) -> Iterator[BlockPair]:
        """The blocks of both sides in reading order: those that correspond together, the others alone."""
        return matched(old, new, attrgetter("key"), self._corresponding, self.effort)

    def merged(self, old: Block, new: Block) -> BlockContent | None:
        """Both blocks as one with marks, or None when they are of different kinds."""
        if old.key == new.key:
            return new.content
        if old.content.shape != new.content.shape:
            return None
        kept = _made.setdefault(new.content, WeakKeyDictionary())
        made = kept.get(old.content)
        if made is not None and made.most == self.most and self.effort.take_again(made.spent):
            return made.content
        before = replace(self.effort)
        both = self._merged(old.content, new.content)
        content = BlockContent(both) if both is not None else None
        spent = self.effort.since(before)
        if not spent.refused:  # else it depends on how much was left, too
            kept[old.content] = _MergeResult(content, spent, self.most)
        return content

    def sequence(self, old: Sequence[Block], new: Sequence[Block]) -> Iterator[Element]:
        """The blocks of both sides as one sequence of elements, with marks."""
        for one, other in self.matched(old, new):
            both = self.merged(one, other) if one and other else None
            if both:
                yield both.element
                continue
            if one:
                yield one_sided(one.element, "old")
            if other:
                yield one_sided(other.element, "new")

    def _merged(self, old: BlockContent, new: BlockContent) -> Element | None:
        if old.kind == new.kind == "table":
            return merged_table(old.element, new.element, self._merged_cell, self.effort, self.most)
        if old.kind == new.kind == "code":
            return merged_code(old.element, new.element, self.effort, self.most)
        if "other" in (old.kind, new.kind):
            return None
        return self._merged_children(old, new)

    def _merged_cell(self, old: Element, new: Element) -> Element | None:
        if comparable(old) != comparable(new):
            return None
        return new if old.children == new.children else self._merged_children(BlockContent(old), BlockContent(new))

    def _merged_children(self, old: BlockContent, new: BlockContent) -> Element:
        if old.is_inline and new.is_inline:
            return new.element.holding(marked_contents(old, new, self.effort))
        return new.element.holding(joined(_unwrapped(self.sequence(old.inner, new.inner))))

    def _corresponding(self, old: Sequence[Block], new: Sequence[Block]) -> list[Pair]:
        if len(old) == len(new) and len(old) * len(new) <= self.most and _each_to_its_own(old, new):
            return [(at, at) for at in range(len(old))]
        before, after = ([block.content.profile for block in side] for side in (old, new))
        least = _least(old, new)

        def weigh(one: int, other: int) -> float:
            same = old[one].content.shape == new[other].content.shape
            return weight(before[one], after[other], least) if same else 0.0

        return chain_of(candidates(before, after, self.most), weigh)


def _least(old: Sequence[Block], new: Sequence[Block]) -> float:
    return _LEAST_ALONE if len(old) == len(new) == 1 else _LEAST


def _each_to_its_own(old: Sequence[Block], new: Sequence[Block]) -> bool:
    """Whether blocks surely correspond one by one, seen without their words: what each pair shares at its beginning
    and end is enough to be one block, and outweighs all that any other pairs could share."""
    least = _least(old, new)
    weights: dict[Pair, float] = {}
    for at, (one, other) in enumerate(zip(old, new, strict=True)):
        before, after = one.content.sentences, other.content.sentences
        common = least_shared(before, after)
        if not common or 2 * common / (before.size + after.size) < least or one.content.shape != other.content.shape:
            return False
        weights[at, at] = common
    if len(old) == 1:
        return True
    most = {(at, to): min(one.content.sentences.size, other.content.sentences.size) + _CERTAIN
            for at, one in enumerate(old) for to, other in enumerate(new) if at != to}  # fmt: skip
    return heaviest_chain(most | weights) == list(weights)


def _unwrapped(found: Iterator[Element]) -> Iterator[Node]:
    """Runs of inline nodes without the element that held them together."""
    for item in found:
        if item.tag:
            yield item
        else:
            yield from item.children
