"""The files of the search: those of each shard, those that all share, and the list that names the shards."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import quote

from loomworks_record.search.edit import edited
from loomworks_record.search.engine import run_pagefind
from loomworks_record.search.form import emptied, published
from loomworks_record.search.shards import FOLDER, Shard

LIST = f"{FOLDER}shards.json"
_SHARED = ("pagefind.js", "pagefind-worker.js", "wasm.en.pagefind")
_ONE_PAGE = '<html lang="en"><body><p>record</p></body></html>'


def index_shard(shard: Shard, html: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of one shard by their paths in ``shard.folder``, made from its pages only: address → searched HTML.

    The same pages give the same bytes. Raises SearchError.
    """
    return published(run_pagefind(_page(address, html) for address in shard.pages), shard.name)


def edit_shard(shard: Shard, before: Mapping[str, bytes], html: Mapping[str, bytes]) -> dict[str, bytes] | None:
    """The same, made of its files as they were ``before`` the pages of ``html`` were edited, of which there are few;
    None where the shard has to be made of all its pages. Raises SearchError."""
    files: dict[str, bytes] | None = dict(before)
    for number, address in enumerate(shard.pages):
        if files is not None and address in html:
            files = edited(files, number, run_pagefind([_page(address, html)]))
    return files


def _page(address: str, html: Mapping[str, bytes]) -> tuple[str, str]:
    return f"/{quote(address)}", html[address].decode("utf-8")


def shared_files() -> dict[str, bytes]:
    """The files that stand once for all shards, by their paths in the site: they depend on Pagefind's version only."""
    files = run_pagefind([("/", _ONE_PAGE)])
    shared = {name: files[name] for name in _SHARED} | emptied(files)
    return {f"{FOLDER}{path}": data for path, data in shared.items()}


def shard_list(shards: Iterable[Shard], filters: Iterable[tuple[str, str]], outdated: Collection[str] = ()) -> bytes:
    """``LIST``, which the search page reads first: the shards with their sizes, and the filters with their values.

    ``filters``: the names and values of all pages. ``outdated``: addresses of which the shards of a preview hold an
    older page; those of ``beside`` have the newer ones. Write this file last: what it names must be there.
    """
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for name, value in filters:
        totals[name][re.sub(r"\s\s+", " ", value).strip()] += 1  # as Pagefind 1.5 reads it
    told = {
        "shards": [_told(shard) for shard in shards],
        "filters": {name: dict(sorted(totals[name].items())) for name in sorted(totals)},
        **({"outdated": sorted(outdated)} if outdated else {}),
    }
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8")


def _told(shard: Shard) -> dict[str, str | int]:
    folder = shard.folder.removeprefix(FOLDER)
    return {"folder": folder, "name": shard.name, "holds": shard.holds, "pages": len(shard.pages)}
