"""What to read of a phase, in which order, and the same as one text: ``context.md``, the pack of a fresh reader.

What is in force comes first (the change request), then the trajectory from its end to its beginning, then what is not
told there. What was written before an answer says so. What is only history is listed, with its address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from loomworks_record.pages import addresses
from loomworks_record.pages.shell import Link, document_link
from loomworks_record.pages.trajectory_words import cycle_words, halt_words, phase_sentence, sentence_text
from loomworks_record.pages.wording import (
    counted,
    day,
    joined,
    kilobytes,
    named,
    standing_word,
    version_or_name,
    version_word,
)
from loomworks_record.record.citations.cite import Citations
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.requests import change_request
from loomworks_record.record.trajectories.trajectory import Cycle, Trajectory
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import AMENDMENTS, HANDOFFS, Role
from loomworks_record.text.flatten import flatten_html
from loomworks_record.text.sections import flatten_body

BYTES_A_TOKEN = 4  # a rule of thumb for English prose; tokenizers differ, and none is bundled
NOT_INCLUDED = "Not included, for they are only history or a second form"
_NEXT = 3  # documents that the opening names as those to read next
_HEADING = re.compile(r"\b(?:reading order|reading list|read in this order|what to read)\b", re.IGNORECASE)
_READ_FOR: dict[Role, str] = {
    "session": "where the phase stood when it was handed over",
    "amending": "what the amendment changes",
    "request": "what is authorised",
    "closing": "what was built, and how it went",
    "halt": "what stopped the build",
    "findings": "what was found",
    "scoping": "the phase as it was meant before the build",
    "drafting": "what the change request was drafted from",
    "inspection": "what was inspected before the build",
}

Absolute = Callable[[str], str]


class OrderedDocument(Struct, frozen=True):
    """One document of the reading order. ``before`` says which answer came after it was written, or is ""."""

    link: Link
    said: str
    before: str
    size: str


def context_address(folder: str) -> str:
    return f"phases/{folder}/context.md"


def reading_order(record: Record, phase: Phase, told: Trajectory) -> tuple[str, ...]:
    """The paths of a phase's current documents, each once; of twins the one that is named."""
    events = (event.path for event in reversed(told.events) if event.path)
    paths = (*events, *(document.path for document in phase.documents))
    current = (record.current(record.by_path[path]) for path in paths)
    chain = change_request(record, phase)
    found = (chain.current if chain else None, *current)
    return tuple(dict.fromkeys(each.path for each in found if each and record.phase(each) is phase))


def reading(record: Record, document: Document, told: Trajectory) -> OrderedDocument:
    """How the order shows one document."""
    cycle = _cycle(told, document.path)
    said = _READ_FOR.get(document.role, "")
    if document.role in AMENDMENTS and cycle:
        verb = "handed over" if document.role == "amendment-handoff" else "settled"
        said = f"what cycle {cycle.number} {verb}"
    before = written_before(record, told, document.path)
    return OrderedDocument(document_link(document), said, before, kilobytes(document.size))


def written_before(record: Record, told: Trajectory, path: str) -> str:
    """ "written before v0.4 answered this halt" for what stands in the trajectory before an answer: that of its own
    cycle, else the newest one. "" for what was written since."""
    paths = [event.path for event in told.events]
    own = _cycle(told, path)
    for cycle in (own, *told.cycles[::-1]):
        answer = record.by_path.get((cycle.answered_by if cycle else "") or "")
        if cycle is None or answer is None or path not in paths:
            continue
        if paths.index(path) < (paths.index(answer.path) if answer.path in paths else 0):
            version = version_or_name(answer)
            if cycle is own:
                return f"written before {version} {'answered this halt' if cycle.halt else 'was filed'}"
            return f"written before {version}{', which answered a later halt' if cycle.halt else ''}"
    return ""


def pack(whole: Whole, phase: Phase, url: Absolute, tokens: int | None = None) -> str:
    """``context.md`` of a phase: how it stands, then its current documents, whole, each under its address, standing and
    digest. Of more than ``tokens`` (4 bytes each) the last of the order are left out, and named with their size.

    ``url`` makes an absolute address of one that is relative to the site's root.
    """
    record, told = whole.record, whole.stories.of(phase)
    documents = [record.by_path[path] for path in reading_order(record, phase, told)]
    texts = ["\n".join(_document(record, told, *each, url)) + "\n" for each in enumerate(documents, 1)]
    for fitting in range(len(documents), -1, -1):
        opening = "\n".join(_opening(whole, phase, documents, fitting, tokens, url)) + "\n"
        found = opening + "".join(texts[:fitting])
        if tokens is None or len(found.encode()) <= tokens * BYTES_A_TOKEN:
            break
    return found


def pack_tells_of(whole: Whole, phase: Phase) -> Iterator[Document]:
    """The documents whose bytes the pack of a phase may say something of: its own, and what its handoffs name."""
    record = whole.record
    yield from phase.documents
    for handoff in phase.documents:
        for citation in whole.citations.of(handoff.path) if handoff.role in HANDOFFS else ():
            for path in filter(None, (citation.target, citation.now)):
                yield record.current(record.by_path[path]) or record.by_path[path]


def _cycle(told: Trajectory, path: str) -> Cycle | None:
    return next((cycle for cycle in told.cycles if any(event.path == path for event in cycle.events)), None)


def _opening(
    whole: Whole, phase: Phase, documents: Sequence[Document], fitting: int, tokens: int | None, url: Absolute
) -> Iterator[str]:
    record, stories = whole.record, whole.stories
    told, given, left = stories.of(phase), documents[:fitting], documents[fitting:]
    yield f"# {phase.heading}: what to read\n"
    yield sentence_text(phase_sentence(record, phase, told, stories.state(phase))) + "\n"
    yield from (f"- {label}: {words}" for label, words in how_it_stands(record, phase, told, documents))
    yield f"- Here: {_amount(given)}, whole (counted at {BYTES_A_TOKEN} bytes a token)"
    if left:
        yield f"- Left out of {tokens:,} tokens: {_amount(left)}; each is named below with its size"
    yield f"- The page of the phase: {url(addresses.phase(phase.folder))}\n"
    yield "| # | Document | Date | Bytes | Written |"
    yield "|---|---|---|---|---|"
    for number, document in enumerate(given, 1):
        before = written_before(record, told, document.path)
        yield f"| {number} | {_cell(named(document))} | {day(document.date)} | {document.size:,} | {before} |"
    yield ""
    yield from _named_only("Left out, for they did not fit:", left, url)
    yield from _named_only(f"{NOT_INCLUDED}:", only_history(phase, documents), url)
    yield from _named_only("A handoff also tells its reader to read:", _outside(whole.citations, phase, documents), url)


def how_it_stands(
    record: Record, phase: Phase, told: Trajectory, documents: Sequence[Document]
) -> Iterator[tuple[str, str]]:
    """What a reader of ``documents``, the reading order, must know first: labels, each with its words."""
    chain = change_request(record, phase)
    force = chain.current if chain else None
    names = [named(document) for document in documents if document is not force]
    yield "In force", named(force) if force else "no change request"
    still = [halt_words(cycle) or cycle_words(record, cycle) for cycle in told.open_halts]
    yield "Open", joined(still) if still else "no halt"
    rest = f", then {len(names) - _NEXT} more" if len(names) > _NEXT else ""
    yield "Read next", f"{', '.join(names[:_NEXT])}{rest}" if names else "nothing else is current"
    yield "Order", "what is in force, then what happened, from the end backwards"


def only_history(phase: Phase, documents: Sequence[Document]) -> list[Document]:
    """What of a phase is not in its reading order."""
    shown = {document.path for document in documents}
    return [document for document in phase.documents if document.path not in shown]


def _amount(documents: Sequence[Document]) -> str:
    size = sum(document.size for document in documents)
    return f"{counted(len(documents), 'document')}, {size:,} bytes, about {-(-size // BYTES_A_TOKEN):,} tokens"


def _named_only(title: str, documents: Sequence[Document], url: Absolute) -> Iterator[str]:
    if documents:
        yield f"{title}\n"
        yield from (f"- {named(each)} ({each.size:,} bytes): {url(addresses.raw(each))}" for each in documents)
        yield ""


def _document(record: Record, told: Trajectory, number: int, document: Document, url: Absolute) -> Iterator[str]:
    before = written_before(record, told, document.path)
    yield "---\n"
    yield f"<!-- document {number}: {document.path} -->"
    yield f"- Address: {url(addresses.view(document))}"
    yield f"- Filed bytes: {url(addresses.raw(document))} ({document.size:,} bytes)"
    standing = standing_word(record.standing(document), against=record.against(document))
    yield f"- Standing: {standing}" + (f", {version_word(document.version)}" if document.version else "")
    if before:
        yield f"- Written: {before.removeprefix('written ')}"
    if document.declared_status:
        yield f"- Declared status: {document.declared_status}"
    yield f"- sha256: {document.sha256}\n"
    yield whole_text(document).rstrip("\n")
    # No text can hold its own digest, and so none can seem to end before it does.
    yield f"\n<!-- end of document {number}, sha256 {document.sha256[:16]} -->\n"


def _outside(citations: Citations, phase: Phase, documents: Sequence[Document]) -> list[Document]:
    """What the reading order of the newest handoff that has one names outside the phase, as it stands today."""
    for document in documents:
        if document.role in HANDOFFS:
            found = list(dict.fromkeys(_told_to_read(citations, document)))
            if found:
                return [each for each in found if citations.record.phase(each) is not phase]
    return []


def _told_to_read(citations: Citations, handoff: Document) -> Iterator[Document]:
    record, sections = citations.record, citations.sections(handoff.path)
    # The text is made again only of a handoff that has such a section.
    if not any(_HEADING.search(f"{section.identifier} {section.title}") for section in sections):
        return
    body, resolutions = citations.read(handoff.path)[-1]
    flat = flatten_body(handoff)
    blocks = flat.blocks
    headings = (at for at, block in enumerate(blocks) if block.kind == "heading")
    start = next((at for at in headings if _HEADING.search(flat.block_text(at))), None)
    if start is None:
        return
    level = blocks[start].level
    after = range(start + 1, len(blocks))
    end = next((at for at in after if blocks[at].kind == "heading" and blocks[at].level <= level), len(blocks))
    for mention, resolution in zip(body.mentions, resolutions, strict=True):
        if resolution and resolution.document is not None and mention.names_document and start < mention.block < end:
            chosen = record.documents[resolution.document if resolution.now is None else resolution.now]
            yield record.current(chosen) or chosen


def whole_text(document: Document) -> str:
    """The filed text; of an HTML document, what a reader sees of it."""
    if document.form != "html":
        return document.text
    flat = flatten_html(document.text)
    blocks = (" ".join(flat.block_text(at).split()) for at in range(len(flat.blocks)))
    return "\n\n".join(block for block in blocks if block)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
