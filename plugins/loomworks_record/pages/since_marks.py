"""Since when each section of a document reads as it does, and of an archived version whether it still does: what stands
beside headings, rows and labels."""

from __future__ import annotations

from collections.abc import Iterator

from loomworks_record.pages import addresses
from loomworks_record.pages.ground import ground_words
from loomworks_record.pages.wording import version_word
from loomworks_record.record.chains import Chain
from loomworks_record.record.through import Stage, Thread, Through
from loomworks_record.record.whole import Whole
from loomworks_record.render.notes import SideNote
from loomworks_record.source.document import Document


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
        self.held = [whole.record.by_path[path] for path in through.versions]
        self.names = [version_word(each.version) or "now" for each in self.held]

    def of_version(self, at: int) -> Iterator[SideNote]:
        page = addresses.view(self.held[at])
        for thread, stage in self.through.in_version(at):
            words, last = self.words(thread, at) if at else "", self._last(thread, at)
            now = self._now(at, stage) if thread.kind == "heading" else ""
            if now or (at and (thread.kind == "heading" or last.at or thread.earlier(at))):
                href = addresses.relative(self.compared(last), page) if last.at else ""
                said = "; ".join(filter(None, (words, now)))
                yield SideNote(stage.anchor, said, href, thread.kind, 0 < at == last.at)

    def _now(self, at: int, stage: Stage) -> str:
        """Of an archived version, what became of a section: "reads the same in v0.4", "then changed in v0.4"."""
        ground = self.whole.grounds.of_place(self.through.versions[at], stage.anchor)
        if ground is None or self.through.versions[at] == ground.now:
            return ""
        words = ground_words(self.whole.record, ground).partition("; now ")[0]  # the banner says which is in force
        return f"then {words}" if at and ground.state == "changed" else words

    def words(self, thread: Thread, at: int) -> str:
        """ "since v0.2", "changed in v0.4", "unchanged since v0.1", each with what it was called before."""
        first, last = thread.first.at, self._last(thread, at)
        if first == at:
            return f"new in {self.names[at]}"
        if last.at > first:
            said = f"changed in {self.names[last.at]}"
        else:
            said = f"since {self.names[first]}" if first else f"unchanged since {self.names[0]}"
        earlier = thread.earlier(at)
        called = ", ".join(f"{each.called} until {self.names[each.at]}" for each in earlier[:1])
        return f"{said}; {called}" if called else said

    def compared(self, stage: Stage) -> str:
        """The address of a stage's change on the page of the comparison with the version before."""
        address = addresses.compare(self.chain.id, self.held[stage.at - 1], self.held[stage.at])
        return f"{address}#{stage.change}" if stage.change else address

    def _last(self, thread: Thread, at: int) -> Stage:
        """The stage in which it got its words."""
        return (thread.first, *thread.changed(at))[-1]
