"""The search of a site that MkDocs builds: every shard, at each build."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from loomworks_record.pages.document import DocumentPage
from loomworks_record.record.record import Record
from loomworks_record.render.text import RenderedText
from loomworks_record.search.form import filter_counts
from loomworks_record.search.index import LIST, index_shard, shard_list, shared_files
from loomworks_record.search.searched import Searched
from loomworks_record.search.shards import LARGEST, SearchedPage, shards
from loomworks_record.source.dates import written


def searched_content(page: DocumentPage, text: RenderedText) -> Searched:
    """What of a document's page is searched: its own words, without what neighbours add to them."""
    return Searched(
        title=page.title,
        names=page.found_as,
        archived=page.standing == "archived",
        version=page.version,
        date=written(page.date) if page.date else "",
        filters=page.found_by,
        over=page.banner_line,
        facts=tuple((fact.label, its.unlinked) for fact, its in zip(page.facts, text.facts, strict=True)),
        body=text.unlinked,
        lines=text.lines if page.searched else (),
    )


def searched_page(record: Record, path: str, address: str, html: bytes) -> SearchedPage:
    """Where the page of the document at ``path`` belongs; ``html`` is its searched content."""
    document = record.by_path[path]
    return SearchedPage(
        address,
        document.phase_folder or document.section,
        record.chain(document).id,
        record.standing(document) == "archived",
        hashlib.sha256(html).hexdigest(),
    )


def build_search(
    site_dir: Path, pages: Sequence[SearchedPage], html: Mapping[str, bytes], *, largest: int = LARGEST
) -> None:
    """Write the search of ``pages`` into ``site_dir``; ``html``: their searched content by address."""
    if not pages:
        return
    counted = []
    for shard in shards(pages, largest=largest):
        files = index_shard(shard, html)
        _write(site_dir, {shard.folder + path: data for path, data in files.items()})
        counted.append((shard, filter_counts(files)))
    _write(site_dir, shared_files())
    _write(site_dir, {LIST: shard_list(counted)})  # last: what it names must be there


def _write(site_dir: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        file = site_dir / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
