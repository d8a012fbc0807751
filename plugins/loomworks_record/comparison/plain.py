"""Marked HTML as lines of text: for the terminal, and for JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal

from loomworks_record.comparison.elements import ADDED, HEADINGS, REMOVED, is_block
from loomworks_record.comparison.marks import Side, of_side
from loomworks_record.comparison.nodes import SPACE, Element, Node, collapse, elements, parse
from loomworks_record.comparison.tidying import tidy

Mark = Literal["", "added", "removed"]
Run = tuple[Mark, str]
Line = tuple[Run, ...]

_DEPTH = 400  # levels; a comparison nests little deeper than the documents it is made of
_INDENT = "  "
_SIDES: tuple[Mark, ...] = ("added", "removed")  # what is not of the old side, and what is not of the new
_MARKS: dict[str, Mark] = {"ins": "added", "del": "removed"}
_ROW_GROUPS = ("thead", "tbody", "tfoot")
_EMPTY = Element("td", (), ())
_STRUCK = ("s", "strike")  # words that do not hold: one that no longer is struck is another text
_CLASSES: dict[str, Mark] = {ADDED: "added", REMOVED: "removed"}


def text_lines(html: str) -> list[Line]:
    """The lines of a marked fragment, each as runs of text that are added, removed or neither. List items begin
    with a dash or their number, the cells of a row stand between bars, lines of code keep their spaces."""
    return [_joined(line) for line in _lines(_kept(parse(html, _DEPTH) or ()), "", "")]


def side_text(html: str, side: Side) -> str:
    """The text that one side has of a marked fragment."""
    nodes = tidy(of_side(parse(html, _DEPTH) or (), side))
    return "\n".join("".join(text for _, text in line) for line in _lines(nodes, "", ""))


def _joined(line: Line) -> Line:
    """Neighbouring runs of one kind as one."""
    groups = groupby((run for run in line if run[1]), lambda run: run[0])
    return tuple((mark, "".join(text for _, text in group)) for mark, group in groups)


def _kept(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Without what the page adds: openers, tags."""
    return tuple(
        node if isinstance(node, str) else node.holding(_kept(node.children))
        for node in nodes
        if isinstance(node, str) or "r-ui" not in node.classes
    )


def _lines(nodes: Iterable[Node], indent: str, mark: Mark) -> Iterator[Line]:
    inline: list[Run] = []
    for node in nodes:
        if not _breaks(node):
            inline += _runs(node, mark)
            continue
        yield from _line(inline, indent)
        inline = []
        if isinstance(node, Element):
            yield from _block(node, indent, _mark(node, mark))
    yield from _line(inline, indent)


def _breaks(node: Node) -> bool:
    """Whether a node begins a line of its own: a block, or a mark around blocks."""
    if isinstance(node, str):
        return False
    return is_block(node) or (node.tag in _MARKS and any(map(_breaks, node.children)))


def _block(node: Element, indent: str, mark: Mark) -> Iterator[Line]:
    if node.tag == "pre":
        yield from _code(node, indent, mark)
    elif node.tag == "tr":
        yield from _line(list(_row(node, mark)), indent)
    elif node.tag == "ol":
        yield from _numbered(node, indent, mark)
    elif node.tag == "li":
        yield from _item(node, indent, mark, "- ")
    elif node.tag == "hr":
        yield ((mark, f"{indent}---"),)
    elif node.tag in HEADINGS:
        runs = [run for child in node.children for run in _runs(child, mark)]
        yield from _line([("", "#" * int(node.tag[1]) + " "), *runs], indent)
    else:
        inside = _spread(node.children) if node.tag in _ROW_GROUPS else node.children
        yield from _lines(inside, indent + _INDENT * (node.tag == "blockquote"), mark)


def _spread(rows: Iterable[Node]) -> Iterator[Node]:
    """The rows of a group, with an empty cell wherever a cell reaches to from above or from the left: what stands below
    a heading stays below it."""
    reach: dict[int, int] = {}  # column → rows that a cell above still takes
    for row in rows:
        cells: list[Node] = []
        for cell in elements(row.children) if isinstance(row, Element) else ():
            while reach.get(len(cells)):
                reach[len(cells)] -= 1
                cells.append(_EMPTY)
            width, height = int(cell.get("colspan") or 1), int(cell.get("rowspan") or 1)
            reach |= dict.fromkeys(range(len(cells), len(cells) + width), height - 1)
            cells += [cell, *[_EMPTY] * (width - 1)]
        for column in range(len(cells), max(reach, default=0) + 1):
            reach[column] = max(0, reach.get(column, 0) - 1)
        yield row.holding(tuple(cells)) if isinstance(row, Element) else row


def _numbered(listed: Element, indent: str, mark: Mark) -> Iterator[Line]:
    """Its items with their numbers: a removed one has that of the old side, any other that of the new."""
    nodes = [(node, _mark(node, mark) if isinstance(node, Element) else mark) for node in listed.children]
    items = [own for node, own in nodes if isinstance(node, Element) and node.tag == "li"]
    step = -1 if "reversed" in dict(listed.attributes) else 1
    numbers: dict[Mark, int] = {}
    for other in _SIDES:  # of the old side is what the new one did not add, and so the other way round
        number = len([own for own in items if own != other]) if step < 0 else 1
        numbers[other] = _whole(listed.get("start"), number)
    for node, own in nodes:
        if isinstance(node, str) or node.tag != "li":
            yield from _lines((node,), indent, own)
            continue
        held = [other for other in _SIDES if other != own]
        numbers |= {other: _whole(node.get("value"), numbers[other]) for other in held}
        yield from _item(node, indent, own, f"{numbers[held[-1]]}. ")
        numbers |= {other: numbers[other] + step for other in held}


def _whole(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else otherwise


def _item(item: Element, indent: str, mark: Mark, sign: str) -> Iterator[Line]:
    within = indent + " " * len(sign)
    inner = list(_lines(item.children, within, mark)) or [((mark, ""),)]
    yield ((inner[0][0][0], f"{indent}{sign}"), *_unindented(inner[0], within))
    yield from inner[1:]


def _row(row: Element, mark: Mark) -> Iterator[Run]:
    for at, cell in enumerate(child for child in row.children if isinstance(child, Element)):
        if at:
            yield mark, " | "
        yield from (run for child in cell.children for run in _runs(child, _mark(cell, mark)))


def _code(pre: Element, indent: str, mark: Mark) -> Iterator[Line]:
    line: list[Run] = [("", indent)]
    for own, text in _verbatim(pre, mark):
        first, *others = text.split("\n")
        line.append((own, first))
        for other in others:
            yield tuple(line)
            line = [("", indent), (own, other)]
    if any(text.strip() for _, text in line):
        yield tuple(line)


def _verbatim(node: Node, mark: Mark) -> Iterator[Run]:
    if isinstance(node, str):
        yield mark, node
    else:
        yield from (run for child in node.children for run in _verbatim(child, _mark(node, mark)))


def _runs(node: Node, mark: Mark) -> Iterator[Run]:
    """The text of an inline node; blocks inside a cell are run together."""
    if isinstance(node, str):
        yield mark, collapse(node)
    elif node.tag == "img":
        yield _mark(node, mark), f"[image: {node.get('alt')}]"
    elif node.tag == "input":  # of a task: some tools that compare pages say nothing of a tick
        yield _mark(node, mark), "[x]" if "checked" in dict(node.attributes) else "[ ]"
    elif node.tag == "br":
        yield mark, " "
    else:
        struck = [(_mark(node, mark), "~~")] if node.tag in _STRUCK else []
        yield from (*struck, *(run for child in node.children for run in _runs(child, _mark(node, mark))), *struck)


def _mark(node: Element, mark: Mark) -> Mark:
    classes: Mark = next((_CLASSES[name] for name in node.classes if name in _CLASSES), "")
    return mark or _MARKS.get(node.tag, classes)


def _line(runs: list[Run], indent: str) -> Iterator[Line]:
    if "".join(text for _, text in runs).strip(SPACE):
        yield (("", indent), *runs)


def _unindented(line: Line, indent: str) -> Line:
    return line[1:] if line and line[0] == ("", indent) else line
