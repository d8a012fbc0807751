"""Since when each section of a document reads as it does: what stands beside headings, rows and labels; and
``/since/…``: the way of a chain's sections through its versions as a picture that is a table, and its newest text, each
part with the version in which it got its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from loomworks_record.comparison.reading import block_pages
from loomworks_record.pages import addresses
from loomworks_record.pages.changes import body_at
from loomworks_record.pages.cites import ground_words
from loomworks_record.pages.shell import Link, way
from loomworks_record.pages.wording import counted, day, named, short_name, version_or_name, version_word
from loomworks_record.record.chains import Chain
from loomworks_record.record.through import Stage, Thread, Through
from loomworks_record.record.whole import Whole
from loomworks_record.render.notes import SideNote
from loomworks_record.render.text import RenderedText
from loomworks_record.source.document import Document

MOST_ROWS, MOST_VERSIONS = 200, 12  # of the picture
_STEPS = 8  # heights of what changed


class Cell(Struct, frozen=True):
    """One section in one version. ``state`` is new, changed, same, moved, gone or "" (not there); ``words`` say it and
    ``height`` (1 to 8) how much changed; ``address`` leads to the change, or is ""."""

    state: str
    words: str
    address: str = ""
    height: int = 0


class Way(Struct, frozen=True):
    """A row of the picture: one section, row or label. ``level`` is that of its heading, 7 for others."""

    name: str
    title: str
    level: int
    address: str
    said: str
    cells: tuple[Cell, ...]


class SinceVersion(Struct, frozen=True):
    """A version that parts of the text are of: its name, page and date."""

    name: str
    address: str
    day: str


class SincePage(Struct, frozen=True):
    """``folded`` says what the picture leaves out, or is "". ``blocks``: for each block of the text the number of its
    version in ``versions``; empty where that is not known."""

    crumbs: tuple[Link, ...]
    address: str
    home: str
    name: str
    title: str
    shown: tuple[Link, ...]
    ways: tuple[Way, ...]
    folded: str
    versions: tuple[SinceVersion, ...]
    blocks: tuple[int, ...]


def since_page(whole: Whole, chain: Chain) -> SincePage:
    """The frame of the page of one chain of several versions."""
    through = whole.grounds.through(chain)
    held, last = chain.named(), len(chain.named()) - 1
    shown = [at for at in range(len(held)) if at == 0 or at > last - (MOST_VERSIONS - 1)]
    threads = through.threads[:MOST_ROWS] if len(through.threads) > MOST_ROWS else through.threads
    if len(through.threads) > MOST_ROWS:  # headings say most
        threads = (*[t for t in through.threads if t.kind == "heading"],)[:MOST_ROWS]
    newest = chain.newest
    return SincePage(
        crumbs=way(
            Link(short_name(newest), addresses.history(chain.id)),
            Link("Since when", addresses.since(chain.id)),
        ),
        address=addresses.since(chain.id),
        home=addresses.view(newest),
        name=named(newest),
        title=f"{short_name(newest)}: since when",
        shown=tuple(Link(version_or_name(held[at]), addresses.view(held[at])) for at in shown) if threads else (),
        ways=tuple(_ways(Marks(whole, chain, through), threads, shown)),
        folded=_folded(len(through.threads) - len(threads), len(held) - len(shown)),
        versions=tuple(SinceVersion(version_or_name(each), addresses.view(each), day(each.date)) for each in held),
        blocks=through.blocks_since(last) if through.versions else (),
    )


def runs_of(page: SincePage, text: RenderedText) -> list[tuple[SinceVersion, str]]:
    """The text, as far as it is known of each block since when it has its words: else as one, of the newest version."""
    blocks = block_pages(body_at(page.address, text.unlinked, page.home))
    numbers = page.blocks if len(page.blocks) == len(blocks) else ()
    if not numbers:
        return []
    pairs = groupby(zip(numbers, blocks, strict=True), lambda pair: pair[0])
    return [(page.versions[number], "\n".join(html for _, html in group)) for number, group in pairs]


def _ways(marks: Marks, threads: Sequence[Thread], shown: Sequence[int]) -> Iterator[Way]:
    last = len(marks.through.versions) - 1
    for thread in threads:
        stage = thread.last
        gone = stage.at < last
        yield Way(
            name=stage.mark,
            title=stage.title if stage.title != stage.mark else "",
            level=thread.level,
            address=f"{addresses.view(marks.held(stage.at))}#{stage.anchor}",
            said=f"gone in {marks.name(stage.at + 1)}" if gone else marks.words(thread, stage.at),
            cells=tuple(_cell(marks, thread, at) for at in shown),
        )


def _cell(marks: Marks, thread: Thread, at: int) -> Cell:
    stage, name = thread.in_version(at), marks.name(at)
    if stage is None:
        gone = at == thread.last.at + 1
        return Cell("gone", f"gone in {name}", marks.compared(at, thread.change)) if gone else Cell("", "")
    if at == 0:
        return Cell("new", f"in {name}")
    change = marks.compared(at, stage.change)
    if stage is thread.first:
        return Cell("new", f"new in {name}", change)
    if stage.differing:
        words = f"changed in {name}, {stage.differing} %" + (", moved" if stage.moved else "")
        return Cell("changed", words, change, -(-stage.differing * _STEPS // 100))
    return (
        Cell("moved", f"moved in {name}, no word changed", change)
        if stage.moved
        else Cell("same", f"the same in {name}")
    )


def _folded(threads: int, versions: int) -> str:
    parts = [counted(threads, "section, row or label", "sections, rows and labels") if threads else "",
             counted(versions, "version") if versions else ""]  # fmt: skip
    said = " and ".join(filter(None, parts))
    return f"The picture leaves out {said}: too many for it." if said else ""


def marks_of(whole: Whole, document: Document) -> tuple[SideNote, ...]:
    """In order of the text; in the first version that is held only what became of its sections since."""
    chain = whole.record.chain(document)
    through = whole.grounds.through(chain) if len(chain.named()) > 1 else Through()
    at = through.number(document.path)
    if at is None:
        return ()
    return tuple(Marks(whole, chain, through).of_version(at))


class Marks:
    """The words for one chain."""

    def __init__(self, whole: Whole, chain: Chain, through: Through) -> None:
        self.whole = whole
        self.chain = chain
        self.through = through

    def of_version(self, at: int) -> Iterator[SideNote]:
        page = addresses.view(self.held(at))
        for thread, stage in self.through.in_version(at):
            words, last = self.words(thread, at) if at else "", self._last(thread, at)
            now = self._now(at, stage) if thread.kind == "heading" else ""
            if now or (at and (thread.kind == "heading" or last.at or thread.earlier(at))):
                href = addresses.relative(self.compared(last.at, last.change), page) if last.at else ""
                said = "; ".join(filter(None, (words, now)))
                yield SideNote(stage.anchor, said, href, thread.kind, 0 < at == last.at)

    def _now(self, at: int, stage: Stage) -> str:
        """Of an archived version, what became of a section: "reads the same in v0.4", "then changed in v0.4"."""
        ground = self.whole.grounds.of_place(self.through.versions[at], stage.anchor)
        if ground is None or self.through.versions[at] == ground.now:
            return ""
        words = ground_words(self.whole.record, ground).partition("; now ")[0]  # the banner says which is in force
        return f"then {words}" if at and ground.state == "changed" else words

    def held(self, at: int) -> Document:
        return self.whole.record.by_path[self.through.versions[at]]

    def name(self, at: int) -> str:
        return version_word(self.held(at).version) or "now"

    def words(self, thread: Thread, at: int) -> str:
        """ "since v0.2", "changed in v0.4", "unchanged since v0.1", each with what it was called before."""
        first, last = thread.first.at, self._last(thread, at)
        if first == at:
            return f"new in {self.name(at)}"
        if last.at > first:
            said = f"changed in {self.name(last.at)}"
        else:
            said = f"since {self.name(first)}" if first else f"unchanged since {self.name(0)}"
        earlier = thread.earlier(at)
        called = ", ".join(f"{each.called} until {self.name(each.at)}" for each in earlier[:1])
        return f"{said}; {called}" if called else said

    def compared(self, at: int, change: str) -> str:
        """The address of a change on the page of the comparison of a version with the one before."""
        address = addresses.compare(self.chain.id, self.held(at - 1), self.held(at))
        return f"{address}#{change}" if change else address

    def _last(self, thread: Thread, at: int) -> Stage:
        """The stage in which it got its words."""
        return (thread.first, *thread.changed(at))[-1]
