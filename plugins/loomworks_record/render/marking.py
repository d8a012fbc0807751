"""Marking: what is marked of a flat text becomes links and notes in the tree that the text came from."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from msgspec import Struct

from loomworks_record.render.marks import Mark
from loomworks_record.text.tree import TextPiece, Tree

# What marking adds says so: an element that stands ``AROUND`` words of the text, or all of it.
ADDED, AROUND, ALL = "added", "around", "all"
_SPANS = frozenset({"code", "strong", "em", "b", "i", "del", "kbd"})


class Marking:
    """Puts marks into a tree, from the last to the first, so that places before a mention stay where they are."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.parents = {child: parent for parent in tree.root.iter() for child in parent}
        self.own = {
            (link.start, link.end): element
            for link, element in zip(tree.flat.links, tree.anchors, strict=True)
            if not link.image
        }
        self.last = len(tree.pieces)
        self.places: dict[Element, int] = {}  # of children, among those of their parents

    def run(self, marks: Sequence[Mark]) -> None:
        """Show the marks; in order of place, those of the inner versions of a range after its beginning."""
        inner: list[Mark] = []  # of the range whose end was marked last
        ended: Element | None = None
        for mark in reversed(marks):
            if mark.implied:
                if mark.outcome:
                    inner.insert(0, mark)
                continue
            if inner and ended is not None:
                self._after(ended, _range_note(inner))
            inner = []
            ended = self._mark(mark) if mark.outcome else None

    def _mark(self, mark: Mark) -> Element | None:
        """Mark one mention; the element that it ends in."""
        if mark.own:
            element = self.own.get((mark.start, mark.end))
            if element is not None:
                _mark_own(element, mark)
        else:
            element = self._wrapped(mark)
        if element is not None and mark.note:
            note = _note(mark)
            self._after(element, note)
        return element

    def _wrapped(self, mark: Mark) -> Element | None:
        pieces = self._pieces(mark)
        if not pieces:
            return None
        first, last = pieces[0], pieces[-1]
        start = self._point(first, mark.start)
        end = self._point(last, mark.end)
        span = self._common(start, end)
        if span:
            return self._wrap(*span, _wrapper(mark))
        element = None
        for piece in reversed(pieces):  # across elements that cannot be taken in whole: one link for each part
            start = self._point(piece, max(piece.start, mark.start))
            end = self._point(piece, min(piece.end, mark.end))
            wrapped = self._wrap(start, end, _wrapper(mark))
            element = element if element is not None else wrapped
        return element

    def _pieces(self, mark: Mark) -> list[TextPiece]:
        """The pieces that the words of a mark cover; the search goes on where the last one ended."""
        pieces = self.tree.pieces
        end = self.last
        while end and pieces[end - 1].start >= mark.end:
            end -= 1
        begin = end
        while begin and pieces[begin - 1].end > mark.start:
            begin -= 1
        self.last = end
        return list(pieces[begin:end])

    def _point(self, piece: TextPiece, place: int) -> _Point:
        offset = piece.offset + place - piece.start
        if piece.attribute == "text":
            return _Point(piece.element, None, offset)
        return _Point(self.parents[piece.element], piece.element, offset)

    def _common(self, start: _Point, end: _Point) -> tuple[_Point, _Point] | None:
        """Both points in one element, around whole elements where they touch their edges; None if they cannot be."""
        starts, ends = [start], [end]
        while (up := self._up(starts[-1], at_start=True)) is not None:
            starts.append(up)
        while (up := self._up(ends[-1], at_start=False)) is not None:
            ends.append(up)
        outside = {point.parent: point for point in ends}
        for point in starts:
            if point.parent in outside:
                return self._whole(point, outside[point.parent])
        return None

    def _whole(self, start: _Point, end: _Point) -> tuple[_Point, _Point]:
        """Around an inline element that is covered from edge to edge: <a><code>…</code></a>."""
        up_start, up_end = self._up(start, at_start=True), self._up(end, at_start=False)
        if up_start and up_end and up_start.parent is up_end.parent and start.parent.tag in _SPANS:
            return self._whole(up_start, up_end)
        return start, end

    def _up(self, point: _Point, at_start: bool) -> _Point | None:
        """The same place outside the inline element, if the point is at its edge."""
        element = point.parent
        if element.tag not in _SPANS or element not in self.parents:
            return None
        outer = self.parents[element]
        if at_start:
            if point.after is not None or point.offset:
                return None
            at = self._place(outer, element)
            before = outer[at - 1] if at else None
            return _Point(outer, before, len((before.tail if before is not None else outer.text) or ""))
        text = (point.after.tail if point.after is not None else element.text) or ""
        is_last = point.after is element[-1] if len(element) else point.after is None
        if not is_last or point.offset < len(text):
            return None
        return _Point(outer, element, 0)

    def _wrap(self, start: _Point, end: _Point, wrapper: Element) -> Element:
        parent = start.parent
        begin = self._place(parent, start.after) + 1 if start.after is not None else 0
        finish = self._place(parent, end.after) + 1 if end.after is not None else 0
        text = _get(start)
        if begin == finish:
            wrapper.text, wrapper.tail = text[start.offset : end.offset], text[end.offset :]
        else:
            wrapper.text, wrapper.tail = text[start.offset :], _get(end)[end.offset :]
            _set(end, _get(end)[: end.offset])
        _set(start, text[: start.offset])
        for child in parent[begin:finish]:
            wrapper.append(child)
            self.parents[child] = wrapper
        parent[begin:finish] = [wrapper]
        self.parents[wrapper] = parent
        self.places[wrapper] = begin
        return wrapper

    def _after(self, element: Element, note: Element) -> None:
        parent = self.parents[element]
        note.tail, element.tail = element.tail, None
        parent.insert(self._place(parent, element) + 1, note)
        self.parents[note] = parent

    def _place(self, parent: Element, child: Element) -> int:
        """Where a child stands. What is marked goes from last to first, so what comes before stays in its place."""
        at = self.places.get(child, len(parent))
        if at >= len(parent) or parent[at] is not child:
            self.places.update((each, at) for at, each in enumerate(parent))
        return self.places[child]


class _Point(Struct, frozen=True):
    """A place in the tree: ``offset`` characters into the text of ``parent``, or into the tail of ``after``."""

    parent: Element
    after: Element | None
    offset: int


def _get(point: _Point) -> str:
    return (point.parent.text if point.after is None else point.after.tail) or ""


def _set(point: _Point, text: str) -> None:
    if point.after is None:
        point.parent.text = text
    else:
        point.after.tail = text


def _wrapper(mark: Mark) -> Element:
    attributes = {ADDED: AROUND, "class": f"m m--{mark.outcome}"}
    if mark.href is not None:
        attributes["href"] = mark.href
    attributes["title"] = mark.title
    return Element("span" if mark.href is None else "a", attributes)


def _note(mark: Mark) -> Element:
    # The blank belongs to the note, so that taking the note away leaves nothing behind.
    note = Element("span", {ADDED: ALL, "class": f"m-note m-note--{mark.outcome}"})
    note.text = f" {mark.note}"
    if mark.now_href:
        link = SubElement(note, "a", {"href": mark.now_href})
        link.text = mark.now_label
    return note


def _range_note(inner: Sequence[Mark]) -> Element:
    """The versions inside a range, which the text does not spell out."""
    note = Element("span", {ADDED: ALL, "class": "m-note"})
    note.text = " with "
    for at, mark in enumerate(inner):
        link = SubElement(note, "a", {"href": mark.href, "title": mark.title}) if mark.href else None
        part = link if link is not None else SubElement(note, "i")
        part.text = mark.implied
        part.tail = ", " if at + 1 < len(inner) else None
    return note


def _mark_own(element: Element, mark: Mark) -> None:
    """An author's link keeps its address and its title; what is not simply held is marked inside it."""
    if mark.outcome == "held" or element.tag != "a":
        return
    inner = Element("span", {ADDED: AROUND, "class": f"m m--{mark.outcome}", "title": mark.title})
    inner.text, element.text = element.text, None
    for child in list(element):
        element.remove(child)
        inner.append(child)
    element.append(inner)
