"""What pages say of the ground of a citation: whether the section of an archived version still reads the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from loomworks_record.pages import addresses
from loomworks_record.pages.names import named
from loomworks_record.pages.shell import Link
from loomworks_record.pages.wording import version_word
from loomworks_record.record.citations.citation import Citation
from loomworks_record.record.grounds import Ground
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.render.notes import Note
from loomworks_record.source.document import Document

MOST = 3  # versions, or sections, that are named in one line


def ground_parts(record: Record, ground: Ground) -> tuple[Link, ...]:
    """The parts of one line, some of which lead somewhere: "reads the same in v0.4", "changed in v0.3, v0.4"."""
    now = record.by_path[ground.now]
    there = Link(_version(now), _at(addresses.view(now), ground.anchor))
    if ground.state == "same":
        called = f", as {ground.mark}" if ground.mark else ""
        return Link("reads the same in ", ""), there, Link(called, "")
    steps = [_step(record, *each) for each in ground.versions]
    if ground.state == "gone":
        went = (Link("; most of it is in ", ""), Link(ground.mark, there.address)) if ground.anchor else ()
        return Link("no longer there in ", ""), *steps, *went
    more = f", {len(steps) - MOST} more and " if len(steps) > MOST else ""
    shown = steps if not more else [*steps[: MOST - 1], steps[-1]]
    called = f"; {ground.mark} in " if ground.mark else "; now "
    return Link("changed in ", ""), *_listed(shown, more), Link(called, ""), there


def ground_words(record: Record, ground: Ground) -> str:
    """The same without links."""
    return "".join(part.text for part in ground_parts(record, ground))


def notes_of(whole: Whole, document: Document) -> dict[str, Note]:
    """What stands beside the mentions of a document, by the address that they lead to, as it is written on its page."""
    page, found = addresses.view(document), dict[str, Note]()

    def led(address: str) -> str:
        return addresses.relative(address, page) if address else ""

    for citation in whole.citations.of(document.path):
        ground = whole.grounds.of(citation)
        if ground and citation.target and citation.now != document.path:
            cited = addresses.view(whole.record.by_path[citation.target])
            parts = ground_parts(whole.record, ground)
            found[led(_at(cited, citation.anchor or ""))] = tuple((part.text, led(part.address)) for part in parts)
    return found


def grounds_in(whole: Whole, citations: Sequence[Citation]) -> tuple[Link, ...]:
    """What is said of the sections that citations of one document by another cite, each once: "§4 changed in v0.4"."""
    known: Mapping[str, Ground] = {c.anchor or "": g for c in citations if (g := whole.grounds.of(c))}
    return tuple(_lines(whole.record, list(known.values())))


def _lines(record: Record, grounds: Sequence[Ground]) -> Iterator[Link]:
    for ground in grounds[:MOST]:
        now = addresses.view(record.by_path[ground.now])
        address = _at(now, ground.anchor) if ground.state == "same" else _step(record, *ground.versions[-1]).address
        yield Link(f"{ground.name} {ground_words(record, ground)}", address)
    if len(grounds) > MOST:
        yield Link(f"{len(grounds) - MOST} more", "")


def _listed(steps: Sequence[Link], more: str) -> Iterator[Link]:
    for number, step in enumerate(steps):
        if number:
            yield Link(more if more and number == len(steps) - 1 else ", ", "")
        yield step


def _step(record: Record, before: str, after: str, change: str) -> Link:
    old, new = record.by_path[before], record.by_path[after]
    address = addresses.compare(record.chain(new).id, old, new)
    return Link(_version(new), _at(address, change))


def _version(document: Document) -> str:
    return version_word(document.version) or named(document)


def _at(address: str, anchor: str) -> str:
    return f"{address}#{anchor}" if anchor else address
