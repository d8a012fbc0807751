"""Inline nodes as words: what is aligned inside a block that changed.

A text becomes words and spaces; an element stays, with the words in it one level down. Words are numbered through all
levels; each knows by its key which elements stand around it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from loomworks_record import lazy
from loomworks_record.comparison.elements import comparable
from loomworks_record.comparison.nodes import SPACE, Element, Node, serialise, text_of

# A word keeps its inner points, hyphens and apostrophes (v0.2, P57-D7, engine's, 2,279, §7.2); everything else
# is a token by itself, and so is each character of scripts that put no space between words.
_TOKEN = lazy.regex(
    rf"[{SPACE}]+"
    r"|[A-Za-z]+(?![-\w'’\u0300-\u036f]|\.[\w\u0300-\u036f])"  # nothing new, but most words are found by it at once
    r"|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|§?(?:[^\W_]|[\u0300-\u036f])+(?:(?:[-.'’_]|(?<=\d),(?=\d))(?:[^\W_]|[\u0300-\u036f])+)*"
    r"|."
    , re.DOTALL,
)  # fmt: skip
_PIECE = lazy.regex(r"[^\W_]+|[^\w]|_", re.DOTALL)
_LONGEST_WORD = 24  # characters; a longer one is a file name or a path, and is compared piece by piece


@dataclass(slots=True)
class Level:
    """Nodes that stand side by side. ``nodes`` are words, spaces and elements; ``first`` is the number of the first
    word, ``places`` says of each word in which node it is, and ``inner`` are the levels of elements with text."""

    first: int
    nodes: list[Node] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    inner: dict[int, Level] = field(default_factory=dict)
    has_elements: bool = False


@dataclass(slots=True)
class TokenSide:
    """One side of a block: its words, without spaces. Equal ``keys`` are equal words in elements of the same kinds; an
    element without text counts as one word."""

    level: Level
    words: list[str] = field(default_factory=list)
    keys: list[Hashable] = field(default_factory=list)


def side(nodes: Sequence[Node]) -> TokenSide:
    made = TokenSide(Level(0))
    _fill(made.level, nodes, "", made)
    return made


def is_space(node: Node) -> bool:
    """Whether a node of a level is the space between two words."""
    return isinstance(node, str) and node[0] in SPACE


def _fill(level: Level, nodes: Sequence[Node], around: str, made: TokenSide) -> None:
    for node in nodes:
        if isinstance(node, str):
            _add_text(level, node, around, made)
            continue
        level.has_elements = True
        at, first = len(level.nodes), len(made.words)
        level.nodes.append(node)
        if text_of(node).strip(SPACE):
            level.inner[at] = Level(first)
            _fill(level.inner[at], node.children, around + serialise(_bare(node, ())), made)
        else:
            made.words.append(" ")
            made.keys.append((serialise(_bare(node, node.children)), around))
        level.places += [at] * (len(made.words) - first)


def _add_text(level: Level, text: str, around: str, made: TokenSide) -> None:
    found = _tokens(text)
    at = len(level.nodes)
    level.nodes += found
    if text.isprintable():  # nothing in it comes before a blank, and nothing but blanks before "!"
        places = [place for place, token in enumerate(found, at) if token >= "!"]
    else:
        places = [place for place, token in enumerate(found, at) if token[0] not in SPACE]
    level.places += places
    words = [found[place - at] for place in places] if at else [found[place] for place in places]
    made.words += words
    made.keys += [(word, around) for word in words] if around else words


def _tokens(text: str) -> list[str]:
    found: list[str] = _TOKEN.findall(text)
    if len(text) <= _LONGEST_WORD or max(map(len, found)) <= _LONGEST_WORD:
        return found
    return [piece for token in found for piece in _pieces(token)]


def _pieces(token: str) -> Sequence[str]:
    return _PIECE.findall(token) if len(token) > _LONGEST_WORD and token[0] not in SPACE else (token,)


def _bare(node: Element, children: tuple[Node, ...]) -> Element:
    return Element(*comparable(node), children)
