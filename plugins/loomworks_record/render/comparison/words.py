"""Words marked inside one block: what was removed stands in ``<del>``, what was added in ``<ins>``.

The result is a tree from which both sides come back exactly: an element that both sides share is kept once, with
the marks inside; everything else stands whole in a mark.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from loomworks_record.render.comparison.alignment import Effort, Run, align, gaps
from loomworks_record.render.comparison.blocks import comparable, tidy, trimmed
from loomworks_record.render.comparison.nodes import (
    SPACE,
    Element,
    Node,
    element,
    parse,
    plain_lines,
    serialise,
    text_of,
)

# A word keeps its inner points, hyphens and apostrophes (v0.2, P57-D7, engine's, 2,279, §7.2); everything else
# is a token by itself, and so is each character of scripts that put no space between words.
_TOKEN = re.compile(
    rf"(?P<space>[{SPACE}]+)"
    r"|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|§?(?:[^\W_]|[\u0300-\u036f])+(?:(?:[-.'’_]|(?<=\d),(?=\d))(?:[^\W_]|[\u0300-\u036f])+)*"
    r"|."
    , re.DOTALL,
)  # fmt: skip
_PIECE = re.compile(r"[^\W_]+|[^\w]|_", re.DOTALL)
_LONGEST_WORD = 24  # characters; a longer one is a file name or a path, and is compared piece by piece
_CHANCE = 7  # words between two changes count as equal by chance when both changes are this many times longer
_INLINE_DEPTH = 50  # levels of elements in a fact; deeper ones are compared as text
_INLINE_CELLS = 100_000_000  # pairs of words; see Effort
_SENTENCE_ENDS = frozenset(".!?")
_CLAUSE_ENDS = frozenset(";:,)–—")
_OPENINGS = frozenset("(“‘[")


@dataclass(slots=True)
class _Part:
    """A word, a space or an element at one level. ``first`` and ``last`` bound the tokens in it."""

    node: Node
    first: int
    last: int
    parts: Sequence[_Part] = ()

    @property
    def is_space(self) -> bool:
        return self.first == self.last and not self.parts and isinstance(self.node, str)

    @property
    def is_element(self) -> bool:
        return isinstance(self.node, Element)


@dataclass(slots=True)
class _Side:
    """One side of a block: its parts by level, and its tokens with the elements around each."""

    parts: list[_Part] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    keys: list[tuple[str, object]] = field(default_factory=list)


def marked(old: Sequence[Node], new: Sequence[Node], effort: Effort) -> tuple[Node, ...]:
    """The inline nodes of both sides as one, with marks. Whole marks where ``effort`` does not allow more."""
    before, after = _side(old), _side(new)
    found = align(before.keys, after.keys, effort)
    found = _without_chance(_settled(found, before, after), before.tokens, after.tokens)
    matches = {start + step: other + step for start, other, size in found for step in range(size)}
    return tuple(_merged(before.parts, after.parts, matches))


def mark_inline(old_html: str, new_html: str) -> str:
    """Two pieces of inline HTML as one, with marks: a fact of a header, a title."""
    sides = [tidy(parse(html, _INLINE_DEPTH) or plain_lines(html)) for html in (old_html, new_html)]
    effort = Effort(_INLINE_CELLS, _INLINE_CELLS)
    return "".join(map(serialise, marked(trimmed(sides[0]), trimmed(sides[1]), effort)))


def _side(nodes: Sequence[Node]) -> _Side:
    side = _Side()
    side.parts = _parts(nodes, (), side)
    return side


def _parts(nodes: Sequence[Node], around: tuple[object, ...], side: _Side) -> list[_Part]:
    found: list[_Part] = []
    for node in nodes:
        if isinstance(node, str):
            found += _words(node, around, side)
            continue
        first = len(side.tokens)
        if text_of(node).strip(SPACE):
            inner = _parts(node.children, (*around, comparable(node)), side)
            found.append(_Part(node, first, len(side.tokens), inner))
        else:
            side.tokens.append(" ")
            side.keys.append((serialise(Element(*comparable(node), node.children)), around))
            found.append(_Part(node, first, first + 1))
    return found


def _words(text: str, around: tuple[object, ...], side: _Side) -> Iterator[_Part]:
    for token, is_space in _tokens(text):
        first = len(side.tokens)
        if is_space:
            yield _Part(token, first, first)
            continue
        side.tokens.append(token)
        side.keys.append((token, around))
        yield _Part(token, first, first + 1)


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    for found in _TOKEN.finditer(text):
        word = found.group()
        if found["space"]:
            yield word, True
        elif len(word) <= _LONGEST_WORD:
            yield word, False
        else:
            for piece in _PIECE.findall(word):
                yield piece, False


def _settled(found: list[Run], old: _Side, new: _Side) -> list[Run]:
    """Slides each pure insertion or removal to where a reader would put it: at the start of a sentence."""
    runs = list(found)
    for at, (old_from, old_to, new_from, new_to) in enumerate(gaps(found, len(old.keys), len(new.keys))):
        if not 0 < at < len(runs) or (old_from == old_to) == (new_from == new_to):
            continue
        side, start, end = (new, new_from, new_to) if old_from == old_to else (old, old_from, old_to)
        shift = _best_shift(side, start, end, (runs[at - 1][2], runs[at][2]))
        before, after = runs[at - 1], runs[at]
        runs[at - 1] = (before[0], before[1], before[2] + shift)
        runs[at] = (after[0] + shift, after[1] + shift, after[2] - shift)
    return runs


def _best_shift(side: _Side, start: int, end: int, room: tuple[int, int]) -> int:
    """How far the change at ``start`` to ``end`` moves; ``room`` is what is equal before and after it."""
    keys = side.keys
    least = most = 0
    while -least < room[0] - 1 and keys[start + least - 1] == keys[end + least - 1]:
        least -= 1
    while most < room[1] - 1 and keys[start + most] == keys[end + most]:
        most += 1
    return max(range(least, most + 1), key=lambda shift: (_edge(side.tokens, start + shift), -abs(shift)))


def _edge(words: list[str], at: int) -> int:
    """How natural it is that a change begins before this word."""
    before = words[at - 1] if at else "."
    if before in _SENTENCE_ENDS:
        return 4
    if words[at] in _OPENINGS:
        return 3
    if before in _CLAUSE_ENDS:
        return 2
    return 1 if before[0].isalnum() and words[at][0].isalnum() else 0


def _without_chance(found: list[Run], old: list[str], new: list[str]) -> list[Run]:
    """Drops short runs of equal words that lie between two much longer changes, so that a rewritten sentence
    reads as one change. It adds at most two sevenths to what is marked."""
    sizes = [
        _size(old[old_from:old_to]) + _size(new[new_from:new_to])
        for old_from, old_to, new_from, new_to in gaps(found, len(old), len(new))
    ]
    return [
        run
        for at, run in enumerate(found)
        if _size(old[run[0] : run[0] + run[2]]) * _CHANCE > min(sizes[at], sizes[at + 1])
    ]


def _size(words: list[str]) -> int:
    return sum(map(len, words))


def _merged(old: Sequence[_Part], new: Sequence[_Part], matches: dict[int, int]) -> Iterator[Node]:
    pairs = _level_pairs(old, new, matches)
    old_at = new_at = 0
    for one, other in [*pairs, (len(old), len(new))]:
        yield from _changed(old[old_at:one], new[new_at:other])
        if one < len(old):
            yield _both(old[one], new[other], matches)
        old_at, new_at = one + 1, other + 1


def _both(old: _Part, new: _Part, matches: dict[int, int]) -> Node:
    if not isinstance(new.node, Element) or not new.parts:
        return new.node
    return new.node.holding(joined(_merged(old.parts, new.parts, matches)))


def _level_pairs(old: Sequence[_Part], new: Sequence[_Part], matches: dict[int, int]) -> list[tuple[int, int]]:
    """Which parts of one level are the same: equal words, and elements of one kind that share the most words."""
    place = {token: at for at, part in enumerate(new) for token in range(part.first, part.last)}
    shared: Counter[tuple[int, int]] = Counter()
    for at, part in enumerate(old):
        for token in range(part.first, part.last):
            other = place.get(matches.get(token, -1))
            if other is not None and _same_kind(part, new[other]):
                shared[at, other] += 1
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    pairs = []
    for one, other in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if one not in taken_old and other not in taken_new:
            pairs.append((one, other))
            taken_old.add(one)
            taken_new.add(other)
    return sorted(pairs)


def _same_kind(old: _Part, new: _Part) -> bool:
    if isinstance(old.node, Element) and isinstance(new.node, Element):
        return comparable(old.node) == comparable(new.node)
    return isinstance(old.node, str) and isinstance(new.node, str)


def _changed(old: Sequence[_Part], new: Sequence[_Part]) -> Iterator[Node]:
    """The parts between two equal ones: a space that both sides have at either end is no change."""
    before, after = [part.node for part in old], [part.node for part in new]
    tail: list[Node] = []
    if old and new and old[0].is_space and new[0].is_space and before[0] == after[0]:
        yield before[0]
        before, after, old, new = before[1:], after[1:], old[1:], new[1:]
    if old and new and old[-1].is_space and new[-1].is_space and before[-1] == after[-1]:
        tail = [before[-1]]
        before, after = before[:-1], after[:-1]
    if before:
        yield element("del", *joined(before))
    if after:
        yield element("ins", *joined(after))
    yield from tail


def joined(nodes: Iterator[Node] | list[Node]) -> tuple[Node, ...]:
    """Neighbouring texts made one."""
    found: list[Node] = []
    for node in nodes:
        if isinstance(node, str) and found and isinstance(found[-1], str):
            found[-1] = found[-1] + node
        else:
            found.append(node)
    return tuple(found)
