"""The files of a site that are not pages: what was filed, as it was read; and what programs read: JSON, feeds, packs,
``llms.txt`` (llmstxt.org, plain Markdown that a language model reads first)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from loomworks_record import lazy
from loomworks_record.pages import addresses
from loomworks_record.pages.api import cites_json, grouped_documents, problem_json, sections_json, site_json
from loomworks_record.pages.dashboard import dashboard_files
from loomworks_record.pages.documents import COLUMNS, columns_json, rows_address, rows_json
from loomworks_record.pages.feed import (
    FEED,
    chain_feed,
    chain_feed_address,
    empty_feed,
    feed,
    phase_feed,
    phase_feed_address,
)
from loomworks_record.pages.moves import renamed, renamed_chains
from loomworks_record.pages.plan_parts import PlannedFile
from loomworks_record.pages.planning import Planning, json_bytes
from loomworks_record.pages.reading import context_address
from loomworks_record.pages.wording import bare_title, counted, version_word
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document
from loomworks_record.source.folding import without_invisible
from loomworks_record.source.publishable import is_root_file
from loomworks_record.zstd import zstd

_Absolute = Callable[[str], str]

# Of a document in record.json. A quote within a text is escaped, so that no text looks like it.
_FILED = lazy.regex(rb'"sha256":"[0-9a-f]{64}","bytes":[0-9]+')

_HOW_TO_READ = (
    "Documents are versioned and never changed once filed. Read the context.md of a phase to take it up: it holds "
    "how the phase stands and its current documents, whole, what is in force first, each with its address and "
    "digest. Archived versions are superseded: they say what was meant at the time, not what holds.\n"
)


def overview_files(planning: Planning) -> Iterator[PlannedFile]:
    """record.json, a pack a phase, and llms.txt."""
    whole = planning.whole
    yield PlannedFile("api/record.json", data=partial(_record_json, whole))
    for phase in whole.record.phases:
        sha256 = planning.contexts[phase.folder].sha256
        yield PlannedFile(context_address(phase.folder), data=partial(planning.context, phase), digest=sha256)
    yield PlannedFile("llms.txt", data=partial(_llms_txt, planning))


def feed_files(planning: Planning) -> Iterator[PlannedFile]:
    """Of the record, of each phase, and of each chain, at its earlier names too."""
    record, site, dashboard = planning.whole.record, planning.site, planning.dashboard
    if not site.origin:  # the ids of a feed are made of it, for ever
        return
    yield PlannedFile(FEED, data=partial(feed, dashboard, site))
    for phase in record.phases:
        yield PlannedFile(phase_feed_address(phase), data=partial(phase_feed, dashboard, site, phase))
    for chain_id, chain in (record.chain_by_id | renamed_chains(record)).items():
        yield PlannedFile(chain_feed_address(chain_id), data=partial(chain_feed, dashboard, site, chain))
    for chain_id in planning.missing.keys() - record.chain_by_id.keys():
        yield PlannedFile(chain_feed_address(chain_id), data=partial(empty_feed, site, chain_id))


def detail_files(planning: Planning) -> Iterator[PlannedFile]:
    """What each document cites and which sections it has, what home says, problems, and what the not-found page
    suggests from."""
    whole = planning.whole
    for address, values in dashboard_files(planning.dashboard):
        yield PlannedFile(address, data=partial(json_bytes, values))
    for name, documents in grouped_documents(whole.record):
        yield PlannedFile(f"api/cites/{name}.json", data=partial(_json, cites_json, whole, documents))
        yield PlannedFile(f"api/sections/{name}.json", data=partial(_json, sections_json, whole, documents))
    yield PlannedFile("api/problems.json", data=lambda: json_bytes([problem_json(each) for each in whole.problems]))
    yield PlannedFile("api/paths.json", data=partial(_paths_json, planning))


def list_files(planning: Planning) -> Iterator[PlannedFile]:
    """The rows of the documents list, and the schema of record.json."""
    record, withdrawn = planning.whole.record, planning.withdrawn_documents
    yield PlannedFile(COLUMNS, data=lambda: json_bytes(columns_json(record, withdrawn)))
    for number, rows in enumerate(rows_json(record, withdrawn)):
        yield PlannedFile(rows_address(number), data=partial(json_bytes, rows))
    yield PlannedFile("api/record.schema.json", copy=Path(__file__).with_name("record.schema.json"))


def _json(make: Callable[..., Any], *given: Any) -> bytes:
    return json_bytes(make(*given))


def _record_json(whole: Whole) -> bytes:
    """Made once for all that is said; the digests and sizes of documents are put in."""
    made = whole.kept_by_said("record.json", bytes, lambda: zstd.compress(json_bytes(site_json(whole)), 1))
    filed = (b'"sha256":"%b","bytes":%d' % (each.sha256.encode(), each.size) for each in whole.record.documents)
    return _FILED.sub(lambda _: next(filed), zstd.decompress(made))


def _llms_txt(planning: Planning) -> bytes:
    site, sizes = planning.site, {folder: context.size for folder, context in planning.contexts.items()}
    text = llms_txt(planning.whole.record, site.name, site.lede, site.absolute, sizes)
    return without_invisible(text).encode()  # some readers take U+000B and U+000C for the end of a line


def _paths_json(planning: Planning) -> bytes:
    """Title and address of every chain, once."""
    named = [chain.current or chain.newest for chain in planning.whole.record.chains]
    return json_bytes([[document.title, addresses.url(addresses.view(document))[1:]] for document in named])


def llms_txt(record: Record, name: str, lede: str, url: _Absolute, context_sizes: dict[str, int]) -> str:
    """``/llms.txt`` (llmstxt.org): what the record is, one file per phase, and the current documents outside phases.

    ``context_sizes`` maps the folder of a phase to the bytes of its context.md.
    """
    parts = [f"# {name}\n", f"> {lede}\n", _HOW_TO_READ, "## Phases\n"]
    for phase in reversed(record.phases):
        size = context_sizes.get(phase.folder)
        held = counted(len(phase.documents), "document")
        said = f": {held}; all current ones in one file, {size:,} bytes" if size is not None else f": {held}"
        address = context_address(phase.folder) if size is not None else addresses.phase(phase.folder)
        parts.append(f"- [{_bracketed(phase.heading)}]({url(address)}){said}")
    parts += ["", "## Current documents outside phases\n"]
    for chain in record.chains:
        current = chain.current
        if current and current.phase_folder is None:
            parts.append(f"- [{_bracketed(_titled(current))}]({url(addresses.raw(current))}): {current.size:,} bytes")
    parts += ["", "## For programs\n"]
    parts.append(f"- [record.json]({url('api/record.json')}): every document, chain, phase and problem")
    parts.append(f"- [feed.atom]({url('feed.atom')}): what was filed, newest first")
    manifest = url("integrity/manifest-sha256.txt")
    parts.append(f"- [manifest-sha256.txt]({manifest}): the digest of every file of the site")
    return "\n".join(parts) + "\n"


def _titled(document: Document) -> str:
    version = version_word(document.version)
    return f"{bare_title(document)}, {version}" if version else document.title


def _bracketed(text: str) -> str:
    return text.replace("[", "(").replace("]", ")")


def filed_files(record: Record) -> Iterator[PlannedFile]:
    """Every filed file at each address below ``raw/`` that it was published at, and at the root of the site what
    others look for there."""
    paths = [(path, each) for each in record.documents for path in sorted({each.path, each.public_path})]
    for path, document in (*paths, *renamed(record).items()):
        yield PlannedFile(addresses.raw_at(path), data=partial(_bytes, document), digest=document.sha256)
    read = dict(record.content.phase_files)  # what was read once is what is published
    held = {attachment.path: attachment for attachment in record.content.attachments}
    # One in the archive also where it lay before, for the version that shows it from there.
    earlier = {record.config.notation.without_archive(path): each for path, each in held.items()}
    for path, attachment in sorted((earlier | held).items()):
        known = read.get(attachment.path)
        data = attachment.read if known is None else partial(bytes, known)
        yield PlannedFile(addresses.raw_at(path), data=data)
        if path == attachment.path and is_root_file(attachment.path, record.config.root_files):
            yield PlannedFile(attachment.path, data=data)


def _bytes(document: Document) -> bytes:
    return document.data
