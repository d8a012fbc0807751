"""The files of a site that programs read: JSON, feeds, packs, llms.txt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from loomworks_record.pages import addresses
from loomworks_record.pages.api import cites_json, grouped_documents, problem_json, sections_json, site_json
from loomworks_record.pages.columns import COLUMNS, columns_json, rows_address, rows_json
from loomworks_record.pages.dashboard import dashboard_files
from loomworks_record.pages.feed import (
    FEED,
    chain_feed,
    chain_feed_address,
    empty_feed,
    feed,
    phase_feed,
    phase_feed_address,
)
from loomworks_record.pages.filed import PlannedFile
from loomworks_record.pages.llms import llms_txt
from loomworks_record.pages.moves import renamed_chains
from loomworks_record.pages.planning import Planning, json_bytes
from loomworks_record.pages.reading import context_address
from loomworks_record.source.invisible import without_invisible


def overview_files(planning: Planning) -> Iterator[PlannedFile]:
    """record.json, a pack a phase, and llms.txt."""
    whole = planning.whole
    yield PlannedFile("api/record.json", data=lambda: json_bytes(site_json(whole)))
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


def _llms_txt(planning: Planning) -> bytes:
    site, sizes = planning.site, {folder: context.size for folder, context in planning.contexts.items()}
    text = llms_txt(planning.whole.record, site.name, site.lede, site.absolute, sizes)
    return without_invisible(text).encode()  # some readers take U+000B and U+000C for the end of a line


def _paths_json(planning: Planning) -> bytes:
    """Title and address of every chain, once."""
    named = [chain.current or chain.newest for chain in planning.whole.record.chains]
    return json_bytes([[document.title, addresses.url(addresses.view(document))[1:]] for document in named])
