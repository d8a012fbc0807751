"""``llms.txt`` of the record (llmstxt.org): what a language model reads first. Plain Markdown, one fetch."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from loomworks_record.pages import addresses
from loomworks_record.pages.names import bare_title
from loomworks_record.pages.reading import context_address
from loomworks_record.pages.wording import counted, version_word
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document

Absolute = Callable[[str], str]


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
        "how the phase stands and its current documents, whole, what is in force first, each with its address and "
        "digest. Archived versions are superseded: they say what was meant at the time, not what holds.\n"
    )


def _titled(document: Document) -> str:
    version = version_word(document.version)
    return f"{bare_title(document)}, {version}" if version else document.title


def _label(text: str) -> str:
    return text.replace("[", "(").replace("]", ")")
