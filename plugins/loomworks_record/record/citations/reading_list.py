"""Reading lists: the order in which a handoff tells its reader to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loomworks_record.record.citations.cite import Citations
from loomworks_record.record.phases import Phase
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import HANDOFFS
from loomworks_record.source.version import newest_of_chain

_HEADING = re.compile(r"\b(?:reading order|reading list|read in this order|what to read)\b", re.IGNORECASE)
_THIS = re.compile(r"\s*this (?:handoff|document|note|file)\b", re.IGNORECASE)


def reading_list(citations: Citations, phase: Phase) -> tuple[str, ...]:
    """The paths that the newest handoff of a phase lists under "Reading order"; () where none does.

    A version that was superseded since stands for the current one.
    """
    for handoff in sorted(phase.documents, key=_newest_first):
        if handoff.role in HANDOFFS and citations.record.current(handoff) is handoff:
            found = tuple(dict.fromkeys(_listed(citations, handoff)))
            if len(found) > 1:
                return found
    return ()


def _newest_first(document: Document) -> tuple[int, bool, tuple[int, ...], str]:
    # Of one day: what was handed over last stands last in the phase, which its cycle's number says.
    day = document.date.toordinal() if document.date else 0
    number = (document.name.cycle or 0) if document.name.numbers_cycle else 0
    version = newest_of_chain(document.version)
    return -day, document.role != "session", (-number, *version), document.path


def _listed(citations: Citations, handoff: Document) -> Iterator[str]:
    """For each item of the list, the first held document that it names."""
    record = citations.record
    # The text is made again only of a handoff that has such a section.
    if not any(
        _HEADING.search(f"{section.identifier} {section.title}") for section in citations.sections(handoff.path)
    ):
        return
    body = citations.read(handoff.path)[-1]
    flat = body.flat
    heading = next((at for at, block in enumerate(flat.blocks) if _is_heading(block.kind, flat.block_text(at))), None)
    if heading is None:
        return
    level = flat.blocks[heading].level
    named: dict[int, str] = {}
    for mention, resolution in zip(body.mentions, body.resolutions, strict=True):
        if resolution and resolution.document and mention.names_document:
            chosen = resolution.now or resolution.document
            current = record.current(chosen)
            named.setdefault(flat.block_at(mention.start), (current or chosen).path)
    for at in range(heading + 1, len(flat.blocks)):
        block = flat.blocks[at]
        if block.kind == "heading" and block.level <= level:
            return
        if block.kind != "item":
            continue
        if _THIS.match(flat.block_text(at)):
            yield handoff.path
        elif at in named:
            yield named[at]


def _is_heading(kind: str, text: str) -> bool:
    return kind == "heading" and bool(_HEADING.search(text))
