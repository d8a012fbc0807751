"""For a fresh reader: ``context.md`` of a phase, and ``llms.txt`` of the record. Plain Markdown, one fetch each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from loomworks_record.pages import addresses
from loomworks_record.pages.names import short_name
from loomworks_record.pages.wording import counted, day, standing_word, version_word
from loomworks_record.record.citations.cite import Citations
from loomworks_record.record.citations.reading_list import reading_list
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.text.flatten import flatten_html

Absolute = Callable[[str], str]


def context_address(folder: str) -> str:
    return f"phases/{folder}/context.md"


def reading_paths(
    record: Record, citations: Citations, phase: Phase, trajectory_order: Sequence[str] | None = None
) -> tuple[str, ...]:
    """The current documents of a phase, in reading order.

    What its newest handoff lists comes first, in that order; the rest follows in the trajectory's order, else by
    path. Twins are named once, archived versions not at all.
    """
    told = reading_list(citations, phase)
    paths = (*told, *(trajectory_order or ()), *(document.path for document in phase.documents))
    chosen: dict[str, None] = {}
    for path in paths:
        document = record.by_path.get(path)
        current = record.current(document) if document else None
        if current and current.phase_folder == phase.folder:
            chosen[current.path] = None
    return tuple(chosen)


def context_markdown(
    record: Record,
    citations: Citations,
    phase: Phase,
    trajectory_order: Sequence[str] | None,
    url: Absolute,
) -> str:
    """The current documents of a phase, whole, each under its address, standing and digest.

    ``url`` makes an absolute address of one that is relative to the site's root.
    """
    documents = [record.by_path[path] for path in reading_paths(record, citations, phase, trajectory_order)]
    told = reading_list(citations, phase)
    outside = [path for path in told if record.by_path[path].phase_folder != phase.folder]
    parts = [*_opening(record, phase, documents, bool(told), url), *_outside(record, outside, url)]
    for number, document in enumerate(documents, 1):
        parts += _document(record, number, document, url)
    return "\n".join(parts) + "\n"


def _opening(record: Record, phase: Phase, documents: Sequence[Document], told: bool, url: Absolute) -> Iterator[str]:
    total = sum(document.size for document in documents)
    archived = len(phase.documents) - len(documents)
    yield f"# {phase.heading}: all current documents\n"
    yield (
        f"{counted(len(documents), 'document')}, {total:,} bytes of text, whole, in reading order"
        + (" (as the newest handoff of the phase lists them)." if told else ".")
    )
    yield (
        f"{counted(archived, 'other document')} of the phase {'is' if archived == 1 else 'are'} archived or a second "
        f"form and left out; the phase page lists all: {url(addresses.phase(phase.folder))}\n"
    )
    yield "| # | Document | Version | Date | Bytes | sha256 |"
    yield "|---|---|---|---|---|---|"
    for number, document in enumerate(documents, 1):
        yield (
            f"| {number} | {_cell(short_name(document))} | {version_word(document.version)} | {day(document.date)} "
            f"| {document.size:,} | {document.sha256[:16]}… |"
        )
    yield ""


def _outside(record: Record, paths: Sequence[str], url: Absolute) -> Iterator[str]:
    if not paths:
        return
    yield "The reading order also names documents outside this phase; they are not repeated here:\n"
    for path in paths:
        document = record.by_path[path]
        yield f"- {_titled(document)} ({document.size:,} bytes): {url(addresses.raw(document))}"
    yield ""


def _document(record: Record, number: int, document: Document, url: Absolute) -> Iterator[str]:
    current = standing_word(record.standing(document))
    status = document.declared_status
    yield "---\n"
    yield f"<!-- document {number}: {document.path} -->"
    yield f"- Address: {url(addresses.view(document))}"
    yield f"- Filed bytes: {url(addresses.raw(document))} ({document.size:,} bytes)"
    yield f"- Standing: {current}" + (f", {version_word(document.version)}" if document.version else "")
    if status:
        yield f"- Declared status: {status}"
    yield f"- sha256: {document.sha256}\n"
    yield whole_text(document).rstrip("\n")
    yield f"\n<!-- end of document {number} -->\n"


def whole_text(document: Document) -> str:
    """The filed text; of an HTML document, what a reader sees of it."""
    if document.form != "html":
        return document.text
    flat = flatten_html(document.text)
    blocks = (" ".join(flat.block_text(at).split()) for at in range(len(flat.blocks)))
    return "\n\n".join(block for block in blocks if block)


def llms_txt(
    record: Record,
    name: str,
    lede: str,
    url: Absolute,
    context_sizes: dict[str, int],
) -> str:
    """``/llms.txt`` (llmstxt.org): what the record is, one file per phase, and the current documents outside phases.

    ``context_sizes`` maps the folder of a phase to the bytes of its context.md.
    """
    parts = [f"# {name}\n", f"> {lede}\n", *_how_to_read(), "## Phases\n"]
    for phase in reversed(record.phases):
        size = context_sizes.get(phase.folder)
        held = counted(len(phase.documents), "document")
        said = f": {held}; all current ones in one file, {size:,} bytes" if size is not None else f": {held}"
        address = context_address(phase.folder) if size is not None else addresses.phase(phase.folder)
        parts.append(f"- [{_label(phase.heading)}]({url(address)}){said}")
    parts += ["", "## Current documents outside phases\n"]
    for chain in record.chains:
        current = chain.current
        if current and current.phase_folder is None:
            parts.append(f"- [{_label(_titled(current))}]({url(addresses.raw(current))}): {current.size:,} bytes")
    parts += ["", "## For programs\n"]
    parts.append(f"- [record.json]({url('api/record.json')}): every document, chain, phase and problem")
    parts.append(f"- [feed.atom]({url('feed.atom')}): what was filed, newest first")
    manifest = url("integrity/manifest-sha256.txt")
    parts.append(f"- [manifest-sha256.txt]({manifest}): the digest of every file of the site")
    return "\n".join(parts) + "\n"


def _how_to_read() -> Iterator[str]:
    yield (
        "Documents are versioned and never changed once filed. Read the context.md of a phase to take it up: it holds "
        "the current documents of the phase, whole, in reading order, each with its address and digest. Archived "
        "versions are superseded: they say what was meant at the time, not what holds.\n"
    )


def _titled(document: Document) -> str:
    version = version_word(document.version)
    return document.title if version in document.title else f"{document.title}, {version}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _label(text: str) -> str:
    return text.replace("[", "(").replace("]", ")")
