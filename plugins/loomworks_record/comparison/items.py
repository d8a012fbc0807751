"""From operations to what a page lists: headings, folded runs, changes, and sections that changed as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from loomworks_record.comparison.blocks import Block
from loomworks_record.comparison.operations import Operation
from loomworks_record.comparison.page_html import ANCHOR, Presenter
from loomworks_record.comparison.tally import Counts, tallies
from loomworks_record.comparison.values import (
    BlockKind,
    Change,
    ChangedBlock,
    ChangedSection,
    Item,
    SectionName,
    ShownHeading,
    Sort,
    Tally,
    UnchangedRun,
)

_NO_SECTION = SectionName("", "")
_KINDS: dict[str, BlockKind] = {"ul": "list", "ol": "list", "dl": "list", "blockquote": "quote", "p": "paragraph"}


@dataclass(slots=True)
class Span:
    """A heading and what follows it, as far as it belongs together on the page.

    ``whole`` says that all of it is on one side only, or moved. ``above`` are the spans whose headings it stands
    under; ``continued`` is the span whose text goes on here, after a section that was removed in between.
    """

    heading: Operation | None
    operations: list[Operation] = field(default_factory=list)
    above: tuple[Span, ...] = ()
    continued: Span | None = None

    @property
    def all_operations(self) -> list[Operation]:
        return [self.heading, *self.operations] if self.heading else self.operations

    @property
    def whole(self) -> Sort | None:
        sort = self.heading.sort if self.heading else "same"
        if sort in ("away", "here"):
            return "moved"
        if sort in ("added", "removed") and all(step.sort == sort for step in self.operations):
            return "added" if sort == "added" else "removed"
        return None

    @property
    def differs(self) -> bool:
        return any(step.sort != "same" for step in self.all_operations)

    @property
    def block(self) -> Block | None:
        """The heading itself; of a moved section, its first."""
        if self.heading is None:
            return None
        return self.heading.sections[0].heading if self.heading.sections else self.heading.block

    @property
    def level(self) -> int:
        return self.block.level if self.block else 0

    @property
    def root(self) -> Span:
        return self.continued or self

    @property
    def name(self) -> SectionName:
        block = self.root.block
        return block.name if block else _NO_SECTION


def spans(found: Sequence[Operation]) -> list[Span]:
    """The operations by section, in reading order."""
    result = [Span(None)]
    home = result[0]  # the last section that the new side has
    path: list[Span] = []
    for step in found:
        block = step.block
        if step.sort in ("away", "here") or (block is not None and block.kind == "heading"):
            span = Span(step)
            path = [above for above in path if above.level < span.level]
            span.above = tuple(path)
            result.append(span)
            if step.sort not in ("removed", "away", "here"):
                home = span
                path.append(span)
            continue
        closed = result[-1].heading is not None and _is_closed(result[-1], step)
        if closed:
            result.append(Span(None, above=(*home.above, home), continued=home))
        result[-1].operations.append(step)
    return result


def _is_closed(span: Span, step: Operation) -> bool:
    """Whether a block after ``span`` belongs elsewhere: nothing but removed text follows a removed heading."""
    sort = span.heading.sort if span.heading else "same"
    return sort in ("away", "here") or (sort == "removed" and step.sort != "removed")


@dataclass(slots=True)
class Assembler:
    """Turns spans into items. ``anchors`` says, for each block by ``id()``, in which change it ended up."""

    presenter: Presenter = field(default_factory=Presenter)
    anchors: dict[int, str] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    _kept: list[tuple[Operation, SectionName]] = field(default_factory=list)
    _changes: int = 0

    def items(self, found: Sequence[Span]) -> Iterator[tuple[Span, Item]]:
        """The items in order, each with the span it comes from (of a folded run, the one it ends in)."""
        shown = {id(above) for span in found if span.differs for above in (*span.above, span)}
        at = 0
        while at < len(found):
            span = found[at]
            if span.whole:
                end = _end_of_group(found, at)
                yield from self._folded(span)
                yield span, self._section(found[at:end])
                at = end
                continue
            yield from self._span(span, shown=id(span) in shown)
            at += 1
        yield from self._folded(found[-1])

    def _span(self, span: Span, shown: bool) -> Iterator[tuple[Span, Item]]:
        if span.heading and span.heading.sort == "same" and shown:
            yield from self._folded(span)
            self.counts.update(span.heading.content.units)
            yield span, ShownHeading(self.presenter.page(span.heading.element), span.name)
            steps = span.operations
        else:
            steps = span.all_operations
        changed: list[Operation] = []
        name = span.name
        for step in steps:
            if step.sort == "same":
                if changed:
                    yield span, self._change(changed, span)
                    changed = []
                self._kept.append((step, name))
            else:
                yield from self._folded(span)
                changed.append(step)
        if changed:
            yield span, self._change(changed, span)

    def _folded(self, span: Span) -> Iterator[tuple[Span, Item]]:
        if not self._kept:
            return
        kept, self._kept = self._kept, []
        names = tuple(dict.fromkeys(name for _, name in kept))
        html = "\n".join([self._unchanged(step) for step, _ in kept])
        yield span, UnchangedRun(html, self._counted([step for step, _ in kept]), names)

    def _counted(self, steps: Iterable[Operation]) -> tuple[Tally, ...]:
        counts = Counter([unit for step in steps for unit in step.content.units])
        self.counts.update(counts)
        return tallies(counts)

    def _unchanged(self, step: Operation) -> str:
        plain = step.content.plain
        return self.presenter.page(step.element) if plain is None else plain

    def _change(self, steps: Sequence[Operation], span: Span) -> Change:
        blocks = [self._block(list(group)) for _, group in groupby(enumerate(steps), _run)]
        return Change(self._anchor(steps), tuple(blocks), self._counted(steps), span.name)

    def _block(self, numbered: Sequence[tuple[int, Operation]]) -> ChangedBlock:
        """One block that changed, or a run of blocks that one side has."""
        steps = [step for _, step in numbered]
        sort, kind = _sort(steps[0]), _kind(steps[0]) if len(steps) == 1 else "other"
        if sort == "changed":
            return ChangedBlock(sort, kind, steps[0].content.marked or self.presenter.page(steps[0].element))
        return ChangedBlock(sort, kind, "\n".join([self.presenter.page(step.element) for step in steps]))

    def _section(self, group: Sequence[Span]) -> ChangedSection:
        span, first = group[0], group[0].heading
        steps = [step for member in group for step in member.all_operations]
        inner = len(group) - 1 + sum(len(step.sections) - 1 for step in steps if step.sections)
        return ChangedSection(
            anchor=self._anchor(steps),
            sort=span.whole or "changed",
            name=span.name,
            html="\n".join(self.presenter.page(step.element) for step in steps),
            tallies=self._counted(steps),
            inner=inner,
            moved_away=first is not None and first.sort == "away",
            place=first.place if first else None,
        )

    def _anchor(self, steps: Sequence[Operation]) -> str:
        self._changes += 1
        anchor = f"{ANCHOR}{self._changes}"
        for step in steps:
            inner = [block for section in step.sections for block in section.all_blocks]
            self.anchors.update((id(block), anchor) for block in (step.old, step.new, *inner) if block is not None)
        return anchor


def _end_of_group(found: Sequence[Span], at: int) -> int:
    """Where the section at ``at`` ends: after the sections under it that changed in the same way."""
    whole, level = found[at].whole, found[at].level
    end = at + 1
    if whole == "moved":
        return end
    while end < len(found) and found[end].whole == whole and found[end].level > level:
        end += 1
    return end


def _sort(step: Operation) -> Sort:
    return "added" if step.sort == "added" else "removed" if step.sort == "removed" else "changed"


def _run(numbered: tuple[int, Operation]) -> tuple[str, int]:
    """Equal for neighbours that only one side has; each changed block stands for itself."""
    sort = _sort(numbered[1])
    return sort, numbered[0] if sort == "changed" else -1


def _kind(step: Operation) -> BlockKind:
    block = step.block
    if block is None:
        return "other"
    if block.kind == "heading" or block.kind == "table" or block.kind == "code":
        return block.kind
    return _KINDS.get(block.element.tag, "paragraph" if block.kind == "text" else "other")
