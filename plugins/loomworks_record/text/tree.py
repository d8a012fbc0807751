"""The tree of a text: its elements, the flat text of its blocks, and where in the tree each part of that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element

from loomworks_record.text.flat import Flat

RAW = "raw"  # the tag of an element whose text is HTML as it was filed


class TextPiece(NamedTuple):
    """``start:end`` of the flat text is in the ``text`` or ``tail`` of ``element``, from ``offset`` on."""

    start: int
    end: int
    element: Element
    attribute: Literal["text", "tail"]
    offset: int


@dataclass
class Tree:
    """One parsed text. ``root`` holds elements named as in HTML, and two that are not: ``RAW``, and ``pre``, whose text
    is code and whose attribute ``lang`` is its language. ``elements[n]`` is the element of the n-th block of ``flat``,
    ``anchors[n]`` that of its n-th link or image, ``raws[n]`` that of the n-th anchor that its author set.

    The tree is its owner's to change; ``flat`` stays what the text says.
    """

    root: Element
    flat: Flat
    pieces: list[TextPiece]
    elements: list[Element]
    anchors: list[Element]
    raws: list[Element] = field(default_factory=list)
