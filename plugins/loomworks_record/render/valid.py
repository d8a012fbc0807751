"""Raw HTML fitted to the content models of HTML (html.spec.whatwg.org §4): what stands where it must not becomes a
``div`` or a ``span``. It keeps its words and its lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from loomworks_record import lazy
from loomworks_record.text.tree import DEEPEST

_TOKEN = lazy.regex(r"<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)(?P<rest>[^>]*)>|[^<]+")
_ATTRIBUTE = lazy.regex(r' (?P<name>[a-z-]+)="(?P<value>[^"]*)"')
_VOID = frozenset({"br", "hr", "img", "input"})
_TRANSPARENT = frozenset({"a", "del", "ins"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# What may stand in a line; all but the transparent ones hold nothing else.
_PHRASES = _TRANSPARENT | _VOID - {"hr"} | {
    "abbr", "b", "bdi", "cite", "code", "dfn", "em", "i", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small",
    "span", "strong", "sub", "sup", "u", "var",
}  # fmt: skip
_HOLD_PHRASES = (_PHRASES - _TRANSPARENT) | _HEADINGS | {"caption", "p", "pre", "summary"}
_PARENTS = {
    "li": ("ol", "ul"), "dt": ("dl", "group"), "dd": ("dl", "group"), "rt": ("ruby",), "rp": ("ruby",),
    "summary": ("details",), "figcaption": ("figure",), "caption": ("table",),
}  # fmt: skip
_NOT_IN_LINKS = frozenset({"a", "details", "input"})
_NOT_IN_HEADS = _HEADINGS | {"section"}  # th and dt
# What stands in a list of terms, in ruby, by the first letter of each child; "x" is any other.
_TERMS, _GROUPS, _RUBY = (re.compile(each) for each in (r"(t+d+)*", r"g+", r"(x+(r+|(pr+)+p))+"))
_LETTERS = {"dt": "t", "dd": "d", "div": "g", "rt": "r", "rp": "p"}
_WHOLE = lazy.regex(r"-?[0-9]{1,9}")
_LANGUAGE = lazy.regex(
    "(?:ar|bg|bn|ca|cs|cy|da|de|el|en|eo|es|et|eu|fa|fi|fr|ga|gd|gl|he|hi|hr|hu|hy|id|is|it|ja|ka|ko|la|lt|lv|mk|ms|nb|"
    "nl|nn|no|pl|pt|ro|ru|sa|sk|sl|sq|sr|sv|sw|ta|te|th|tr|uk|ur|vi|yi|zh)"
    "(?:-(?:Arab|Cyrl|Hans|Hant|Latn|AT|BE|BR|CA|CH|CN|DE|ES|FR|GB|IE|IT|JP|NL|PT|TW|US))?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Node:
    """An element: its attributes as they are written; text in ``children`` is escaped."""

    tag: str
    rest: str = ""
    children: list[_Node | str] = field(default_factory=list)

    def value(self, name: str) -> str:
        return next((found["value"] for found in _ATTRIBUTE.finditer(self.rest) if found["name"] == name), "")

    def elements(self) -> list[_Node]:
        return [child for child in self.children if isinstance(child, _Node)]

    def elements_of(self, tag: str) -> list[_Node]:
        return [child for child in self.elements() if child.tag == tag]


def valid(html: str, *, in_line: bool = False) -> str:
    """Sanitised HTML whose elements stand where they may. ``in_line``: where only phrases may stand."""
    return "".join(_Writer().inside(_Node("", "", _tree(html)), "", in_line, frozenset()))


def _tree(html: str) -> list[_Node | str]:
    """What nests deeper than browsers read loses its tags."""
    stack = [_Node("")]
    left_out = 0
    for found in _TOKEN.finditer(html):
        tag = found["tag"]
        if not tag:
            stack[-1].children.append(found.group())
        elif found["end"]:
            if left_out:
                left_out -= 1
            elif len(stack) > 1:
                stack.pop()
        elif tag in _VOID:
            stack[-1].children.append(_Node(tag, found["rest"]))
        elif len(stack) >= DEEPEST:
            left_out += 1
        else:
            node = _Node(tag, found["rest"])
            stack[-1].children.append(node)
            stack.append(node)
    return stack[0].children


@dataclass(slots=True)
class _Writer:
    ids: set[str] = field(default_factory=set)  # that are written: a parser that mends repeats elements with theirs

    def inside(self, parent: _Node, tag: str, in_line: bool, within: frozenset[str]) -> Iterator[str]:
        """The children of ``parent``, which is written as ``tag``. A block that becomes a phrase keeps its line."""
        any_before = line_ends = False
        for child in parent.children:
            if isinstance(child, str):
                written, is_line = child, False
            else:
                arrange = _ARRANGED.get(child.tag)
                if arrange:
                    arrange(child)
                becomes = _tag_here(child, tag, in_line, within)
                is_line = in_line and child.tag not in _PHRASES
                written = "".join(self._written(child, becomes, in_line, within))
            if written.strip():
                if (is_line or line_ends) and any_before:
                    yield "<br>"
                any_before, line_ends = True, is_line
            yield written

    def _written(self, node: _Node, tag: str, in_line: bool, within: frozenset[str]) -> Iterator[str]:
        if not tag:
            return
        yield f"<{'div' if tag == 'group' else tag}{''.join(self._attributes(node, tag, within))}>"
        if tag in _VOID:
            return
        yield from self.inside(node, tag, in_line or tag in _HOLD_PHRASES, within | {tag})
        yield f"</{'div' if tag == 'group' else tag}>"

    def _attributes(self, node: _Node, tag: str, within: frozenset[str]) -> Iterator[str]:
        """Those that may stand here and whose values hold."""
        for found in _ATTRIBUTE.finditer(node.rest):
            name, value = found["name"], found["value"]
            if tag not in (node.tag, "group") and name not in ("id", "title", "lang", "dir"):
                continue
            if value in self.ids if name == "id" else name == "tabindex" and "a" in within:
                continue
            if name == "id":
                self.ids.add(value)
            holds = _HOLDS.get(name)
            if holds is None or holds(node, value):
                yield found.group()


def _tag_here(node: _Node, parent: str, in_line: bool, within: frozenset[str]) -> str:
    """What a node is written as, below ``parent``; "" for a control that is left out."""
    tag = node.tag
    if tag == "input" and "a" in within:
        return ""
    if parent == "summary" and tag in _HEADINGS and not within & {"th", "dt"}:
        return tag
    is_out_of_place = (
        (tag in _PARENTS and parent not in _PARENTS[tag])
        or (tag in _NOT_IN_LINKS and "a" in within)
        or (tag in _NOT_IN_HEADS and bool(within & {"th", "dt"}))
        or (tag == "dfn" and "dfn" in within)
    )
    if in_line and tag not in _PHRASES:
        return "br" if tag == "hr" else "span"
    if is_out_of_place:
        return "span" if in_line or tag in _PHRASES else "div"
    return tag


_HOLDS: dict[str, Callable[[_Node, str], object]] = {
    "id": lambda _, value: not re.search(r"\s", value),
    "lang": lambda _, value: _LANGUAGE.fullmatch(value),
    "dir": lambda _, value: value.lower() in ("ltr", "rtl", "auto"),
    "width": lambda _, value: value.isdecimal(),
    "height": lambda _, value: value.isdecimal(),
    "start": lambda _, value: _WHOLE.fullmatch(value),
    "value": lambda _, value: _WHOLE.fullmatch(value),
    "aria-label": lambda node, _: node.value("role" if node.tag == "div" else "href"),
}


def _list(node: _Node) -> None:
    """What stands in a list outside its items belongs to the item before it."""
    items: list[_Node | str] = []
    for child in node.children:
        if isinstance(child, _Node) and child.tag == "li":
            if node.tag == "ul":
                child.rest = re.sub(r' value="[^"]*"', "", child.rest)
            items.append(child)
        elif isinstance(child, _Node) or child.strip():
            last = items[-1] if items and isinstance(items[-1], _Node) else _Node("li")
            last.children.append(child)
            items[-1:] = [last]
    node.children = items


def _terms(node: _Node) -> None:
    """A list of terms whose terms and texts do not follow each other is none."""
    letters = _letters(node)
    inner = [_letters(each) for each in node.elements()]
    if _GROUPS.fullmatch(letters) and all(each and _TERMS.fullmatch(each) for each in inner):
        for each in node.elements():
            each.tag = "group"
    elif not _TERMS.fullmatch(letters):
        node.tag = "div"


def _is_blank(child: _Node | str) -> bool:
    return isinstance(child, str) and not child.strip()


def _letters(node: _Node) -> str:
    shown = (child for child in node.children if not _is_blank(child))
    return "".join("x" if isinstance(child, str) else _LETTERS.get(child.tag, "x") for child in shown)


def _details(node: _Node) -> None:
    """Begins with its only summary; without one there is nothing to open it with."""
    summaries = node.elements_of("summary")
    if not summaries:
        node.tag = "div"
        return
    for other in summaries[1:]:
        other.tag = "div"
    node.children = [summaries[0], *(child for child in node.children if child is not summaries[0])]


def _figure(node: _Node) -> None:
    said, children = node.elements_of("figcaption"), [child for child in node.children if not _is_blank(child)]
    for other in said:
        if other is not said[0] or other not in (children[0], children[-1]):
            other.tag = "div"


def _ruby(node: _Node) -> None:
    if not _RUBY.fullmatch(_letters(node)):
        node.tag = "span"


def _table(node: _Node) -> None:
    """A caption comes first, then a head; no row is empty; no cell reaches over another, out of its rows, or over a
    column in which none begins."""
    captions = node.elements_of("caption")
    for other in captions[1:]:
        other.tag = "p"
        captions[0].children.append(other)
    rest = [child for child in node.elements() if child not in captions and (child.tag != "tr" or child.elements())]
    for part in rest[1:]:
        part.tag = "tbody" if part.tag == "thead" else part.tag
    groups: list[list[_Node]] = []
    for part in rest:
        if part.tag == "tr":
            groups = groups or [[]]
            groups[-1].append(part)
            continue
        part.children = [row for row in part.elements() if row.elements()]
        groups.append(part.elements())
    node.children = [*captions[:1], *rest]
    placed = [place for rows in groups for place in _places(rows)]
    begun = sorted({column for _, column, _, _ in placed})
    for cell, column, columns, rows_down in placed:
        width = bisect_left(begun, column + columns) - bisect_left(begun, column)
        spans = (("colspan", width), ("rowspan", rows_down))
        cell.rest = re.sub(r' (?:col|row)span="[^"]*"', "", cell.rest)
        cell.rest += "".join(f' {name}="{number}"' for name, number in spans if number > 1)


def _places(rows: list[_Node]) -> Iterator[tuple[_Node, int, int, int]]:
    """(cell, its first column, columns, rows) of a group of rows."""
    held: list[tuple[int, int, int]] = []  # from column, to column, up to row
    for number, row in enumerate(rows):
        held = sorted(each for each in held if each[2] > number)
        column = 0
        for cell in row.elements():
            for first, end, _ in held:
                if first <= column < end:
                    column = end
            free = next((first for first, _, _ in held if first > column), column + 1000) - column
            columns = min(_span(cell, "colspan"), free)
            rows_down = min(_span(cell, "rowspan"), len(rows) - number)
            yield cell, column, columns, rows_down
            if rows_down > 1:
                held = sorted([*held, (column, column + columns, number + rows_down)])
            column += columns


def _span(cell: _Node, name: str) -> int:
    value = cell.value(name)
    return min(1000, max(1, int(value))) if _WHOLE.fullmatch(value) else 1


_ARRANGED = {
    "ol": _list, "ul": _list, "dl": _terms, "details": _details, "figure": _figure, "ruby": _ruby, "table": _table,
}  # fmt: skip
