"""From marked trees to the HTML of a page: labelled scroll regions, folded rows and lines, ids once each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from loomworks_record.comparison.elements import HEADINGS, NUMBER, code_holder, lines, replaced
from loomworks_record.comparison.marks import one_side
from loomworks_record.comparison.nodes import SPACE, Element, Node, collapse, element, elements, serialise, text_of
from loomworks_record.comparison.tally import MOVED, has_marks, is_renumbered

RESERVED = "r-"  # ids of a page begin so; those of a document that do are dropped
ANCHOR = "r-change-"

_FOLDED_FROM = 4  # unchanged rows or lines in a run
_REGION_LABEL = 100  # characters of the name of a scroll region
_LABEL = 32  # characters of a first cell that may name a row
_TAGS = {"is-add": ("add", "Added"), "is-rem": ("rem", "Removed"), "is-mod": ("mod", "Changed")}


@dataclass(slots=True)
class Presenter:
    """Writes one page: keeps the ids that are taken and counts the tables, so that each has a name of its own."""

    taken: set[str] = field(default_factory=set)
    tables: int = 0

    def page(self, node: Node) -> str:
        """The HTML of a marked tree in the reading column."""
        return serialise(self._shown(self._with_ids(node)))

    def _with_ids(self, node: Node) -> Node:
        """The same tree with every id once on the page: the first keeps it."""
        if isinstance(node, str):
            return node
        name = node.get("id")
        if name and (name in self.taken or name.startswith(RESERVED)):
            node = node.with_attribute("id", "")
        elif name:
            self.taken.add(name)
        return node.holding(tuple(map(self._with_ids, node.children)))

    def _shown(self, node: Node, folding: bool = True) -> Node:
        if isinstance(node, str):
            return node
        if node.tag == "table":
            return self._region(node, folding)
        if node.tag in HEADINGS:
            return _linked(node)
        if node.tag == "pre":
            shown = _folded_code(node) if folding and has_marks(node.children) else node
            return shown.with_attribute("tabindex", "0")  # it scrolls, so it takes the focus
        within = (folding and node.tag not in ("ins", "del")) or MOVED in node.classes
        return node.holding(tuple(self._shown(child, within) for child in node.children))

    def _region(self, table: Element, folding: bool) -> Element:
        self.tables += 1
        shown = table.with_class("r-table")
        if folding and any(_row_state(row) for row in table_rows(table)):
            shown = _folded_table(shown)
        heads = ", ".join(text for cell in _head_cells(table) if (text := collapse(text_of(cell)).strip(SPACE)))
        label = f"Table {self.tables}: {heads}" if heads else f"Table {self.tables}"
        attributes = {"class": "r-scroll", "role": "region", "tabindex": "0", "aria-label": label[:_REGION_LABEL]}
        return Element("div", tuple(attributes.items()), (shown,))


def _linked(heading: Element) -> Element:
    """The number of a heading as a link to it, where the heading kept its id."""
    target = heading.get("id")
    if not target:
        return heading
    children = tuple(
        Element("a", (*child.attributes, ("href", f"#{target}")), child.children)
        if isinstance(child, Element) and NUMBER in child.classes
        else child
        for child in heading.children
    )
    return heading.holding(children)


def table_rows(table: Element) -> Iterator[Element]:
    return (row for part in elements(table.children) for row in elements(part.children) if row.tag == "tr")


def _head_cells(table: Element) -> Iterator[Node]:
    first = next(table_rows(table), None)
    return (cell for cell in elements(first.children if first else ()) if cell.tag == "th")


def _row_state(row: Node) -> str:
    """What happened to a row: one of ``_TAGS``, "renumbered" (only its first cell changed), "wider" (columns
    came or went), or "" for nothing."""
    if isinstance(row, str):
        return ""
    state = next((name for name in _TAGS if name in row.classes), "")
    if state == "is-mod" and is_renumbered(row):
        return "renumbered"
    return state or ("wider" if has_marks(row.children) else "")


def _folded_table(table: Element) -> Element:
    """Runs of unchanged rows folded: each is a body of its own under a row that opens it. A table row cannot
    stand in a ``<details>``, so a checkbox does it; without ``:has()`` the rows just stay open."""
    children: list[Node] = []
    for part in table.children:
        if not isinstance(part, Element) or part.tag != "tbody" or not part.children:
            children.append(part)
            continue
        for state, group in groupby(part.children, _row_state):
            rows = tuple(group)
            if state in ("", "renumbered") and len(rows) >= _FOLDED_FROM:
                children.append(part.holding((_fold_row(rows, state), *rows)).with_class("r-rows-fold"))
            else:
                children += _plain_rows(part, rows, children)
    return table.holding(tuple(children))


def _plain_rows(part: Element, rows: Sequence[Node], before: list[Node]) -> list[Node]:
    tagged = tuple(_tagged(row) for row in rows)
    last = before[-1] if before else ""
    if isinstance(last, Element) and last.tag == "tbody" and "r-rows-fold" not in last.classes:
        before[-1] = last.holding(last.children + tagged)
        return []
    return [part.holding(tagged)]


def _tagged(row: Node) -> Node:
    """A changed row with its word in the first cell: colour alone says nothing."""
    if isinstance(row, str) or not row.children:
        return row
    state = next((name for name in _TAGS if name in row.classes), "")
    first = row.children[0]
    if not state or isinstance(first, str):
        return row
    css, word = _TAGS[state]
    tag = element("span", word, css=f"tag tag--{css} r-ui")
    return row.holding((first.holding((*first.children, tag)), *row.children[1:]))


def _fold_row(rows: Sequence[Node], state: str) -> Element:
    width = max(len(row.children) for row in rows if isinstance(row, Element))
    what = f"{len(rows)} rows renumbered, text unchanged" if state else f"{len(rows)} unchanged rows"
    names = [_first_cell(rows[0]), _first_cell(rows[-1])]
    span = f": {names[0]} to {names[1]}" if all(names) else ""
    cell = Element("td", (("colspan", str(width)),), (_opener(what + span),))
    return element("tr", cell, css="r-ui r-fold-row")


def _opener(text: str) -> Element:
    return element("label", Element("input", (("type", "checkbox"),), ()), element("span", text), css="r-opener r-ui")


def _first_cell(row: Node) -> str:
    first = row.children[0] if isinstance(row, Element) and row.children else ""
    sides = one_side(first, "new")
    text = collapse("".join(map(text_of, sides))).strip(SPACE)
    return text if len(text) <= _LABEL else ""


def _folded_code(pre: Element) -> Element:
    holder = code_holder(pre)
    if holder is None:
        return pre
    children: list[Node] = []
    for marked, group in groupby(lines(holder.children), has_marks):
        run = list(group)
        nodes = [node for line in run for node in line]
        if marked or len(run) < _FOLDED_FROM:
            children += nodes
        else:
            opener = _opener(f"{len(run)} unchanged lines")
            children += [opener, element("span", *nodes, css="r-lines-fold")]
    return replaced(pre, holder, holder.holding(tuple(children)))
