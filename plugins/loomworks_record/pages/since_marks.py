"""Since when each section of a document reads as it does: what stands beside headings, rows and labels."""

from __future__ import annotations

from collections.abc import Iterator

from loomworks_record.pages import addresses
from loomworks_record.pages.wording import version_word
from loomworks_record.record.chains import Chain
from loomworks_record.record.through import Stage, Thread, Through
from loomworks_record.record.whole import Whole
from loomworks_record.render.notes import SideNote
from loomworks_record.source.document import Document


def marks_of(whole: Whole, document: Document) -> tuple[SideNote, ...]:
    """In order of the text; none in the first version that is held, where nothing can have changed."""
    chain = whole.record.chain(document)
    through = whole.grounds.through(chain) if len(chain.named()) > 1 else Through()
    at = through.number(document.path)
    if not at:
        return ()
    marks = Marks(whole, chain, through)
    return tuple(marks.of_version(at))


class Marks:
    """The words for one chain."""

    def __init__(self, whole: Whole, chain: Chain, through: Through) -> None:
        self.chain = chain
        self.through = through
        self.held = [whole.record.by_path[path] for path in through.versions]
        self.names = [version_word(each.version) or "now" for each in self.held]

    def of_version(self, at: int) -> Iterator[SideNote]:
        page = addresses.view(self.held[at])
        for thread, stage in self.through.in_version(at):
            words, last = self.words(thread, at), self._last(thread, at)
            if thread.kind == "heading" or last.at or thread.earlier(at):
                href = addresses.relative(self.compared(last), page) if last.at else ""
                yield SideNote(stage.anchor, words, href, thread.kind, last.at == at)

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
