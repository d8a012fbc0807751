"""An index as it is published: Pagefind's files under names of ours, in one order, and as small as they can be.

Pagefind 1.5 names a file after a hash of it, and writes the values of filters in another order at every run. The
folder of a shard bears the shard's key already, so its files need no hashes in their names, and the meta file, which
every reader of the search loads whole, is half as large without them: a chunk is named after the word it begins with,
which stands beside the name, and all else is numbered. Page numbers begin with the shard's name, because results of
several shards are told apart by nothing else, and end with ``a`` where the page is archived: that saves the reader a
filter. Between the two stands a number made from the address, by which a reader finds the page of a document among the
results before any of them is loaded.

The forms, as Pagefind 1.5 reads them, and 1.6, where a page in the meta file has a third value. All are gzipped
``pagefind_dcd`` and CBOR, the fragment JSON:

- ``pagefind-entry.json`` is plain: ``{"languages": {"en": {"hash": …}}}`` names the meta file.
- ``pagefind.….pf_meta``: ``[version, [[page, words], …], [[from, to, chunk], …], [[filter, file], …], sorts, fields]``.
- ``filter/….pf_filter``: ``[name, [[value, [page number, …]], …]]``.
- ``index/….pf_index``, see ``search/edit.py``, is packed anew; ``fragment/….pf_fragment`` is given on as it is.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import cbor2
import deflate

from loomworks_record.asking.words import digest
from loomworks_record.errors import RecordError

ENTRY = "pagefind-entry.json"
STANDING, ARCHIVED = "standing", "Archived"
_MAGIC = b"pagefind_dcd"
PAGES, CHUNKS, _FILTERS, FIELDS = 1, 2, 3, 5  # places in the meta file
_META = "0"
_NUMBERS = 10_000
_NAME = re.compile("[0-9a-z]{1,40}")
_DEVICE = re.compile("con|prn|aux|nul|(com|lpt)[0-9]")  # names that Windows keeps for itself, whatever their ending


class IndexFormError(RecordError):
    """The index is not of the form that this program knows."""


def published(files: Mapping[str, bytes], shard: str) -> dict[str, bytes]:
    """The files of one shard, by their paths in its folder. Raises IndexFormError for a form not known."""
    meta_path, meta = meta_of(files)
    filters = sorted((_filter(files, f"filter/{name}.pf_filter") for _, name in meta[_FILTERS]), key=_first)
    archived = set(dict(dict(filters).get(STANDING, ())).get(ARCHIVED, ()))
    renamed: dict[str, bytes] = {}
    for number, page in enumerate(meta[PAGES]):
        data = _file(files, f"fragment/{page[0]}.pf_fragment")
        place = f"{shard}-{_number(data)}"
        while f"fragment/{place}.pf_fragment" in renamed or f"fragment/{place}a.pf_fragment" in renamed:
            place += "-"  # of two addresses with one number
        page[0], page[1] = f"{place}{'a' if number in archived else ''}", about(page[1])
        renamed[f"fragment/{page[0]}.pf_fragment"] = data
    for number, chunk in enumerate(meta[CHUNKS]):
        old, chunk[2] = chunk[2], chunk_name(chunk[0], number)
        renamed[f"index/{chunk[2]}.pf_index"] = packed_words(unpacked(files, f"index/{old}.pf_index"))
    # A chunk may as well end where the next one begins: said twice in a row, a word costs nothing.
    for chunk, following in pairwise(meta[CHUNKS]):
        chunk[1] = following[0]
    meta[_FILTERS] = [[name, str(number)] for number, (name, _) in enumerate(filters)]
    for number, one in enumerate(filters):
        renamed[f"filter/{number}.pf_filter"] = packed(one)
    return {**renamed, f"pagefind.{_META}.pf_meta": packed(meta), ENTRY: _entry(files, meta_path, len(meta[PAGES]))}


def emptied(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The index of no page: what Pagefind begins with before the shards are merged into it."""
    meta_path, meta = meta_of(files)
    for part in (PAGES, CHUNKS, _FILTERS):
        meta[part] = []
    return {f"pagefind.{_META}.pf_meta": packed(meta), ENTRY: _entry(files, meta_path, 0)}


def packed(value: Any) -> bytes:
    """A value as Pagefind reads it, and the same bytes everywhere: what Python's own ``gzip`` writes depends on the
    version of Python (its header, from 3.13 on) and on the zlib that it was linked with. libdeflate comes with its
    wheel."""
    return bytes(deflate.gzip_compress(_MAGIC + cbor2.dumps(value), 12))


def packed_words(data: bytes) -> bytes:
    """A chunk of words, CBOR already. Packed as small as can be it would take four times as long, for a hundredth."""
    return bytes(deflate.gzip_compress(_MAGIC + data, 7))


def unpacked(files: Mapping[str, bytes], path: str) -> bytes:
    """The CBOR of a file. Raises IndexFormError."""
    try:
        data = gzip.decompress(_file(files, path))
    except (OSError, EOFError):
        raise _unknown(path) from None
    if not data.startswith(_MAGIC):
        raise _unknown(path)
    return data[len(_MAGIC) :]


def meta_of(files: Mapping[str, bytes]) -> tuple[str, list[Any]]:
    """The path of the meta file, and what it says. Raises IndexFormError."""
    metas = [path for path in files if path.endswith(".pf_meta")]
    if len(metas) != 1:
        raise _unknown(ENTRY)
    meta = _read(files, metas[0])
    lengths = ((PAGES, (2, 3)), (CHUNKS, (3,)), (_FILTERS, (2,)))
    if not isinstance(meta, list) or len(meta) != 6 or meta[4] or not all(_rows(meta[at], *of) for at, of in lengths):
        raise _unknown(metas[0])
    return metas[0], meta


def _filter(files: Mapping[str, bytes], path: str) -> list[Any]:
    """``[name, [[value, pages], …]]``, values in the order of their names."""
    content = _read(files, path)
    if not (isinstance(content, list) and len(content) == 2 and _rows(content[1], 2)):
        raise _unknown(path)
    return [str(content[0]), sorted(content[1], key=_first)]


def _entry(files: Mapping[str, bytes], meta_path: str, pages: int) -> bytes:
    entry = json.loads(_file(files, ENTRY))
    languages = entry.get("languages", {})
    if list(languages) != ["en"] or meta_path != f"pagefind.{languages['en'].get('hash')}.pf_meta":
        raise _unknown(ENTRY)
    languages["en"] |= {"hash": _META, "page_count": pages}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _number(fragment: bytes) -> int:
    """The number of a page by its address: four digits, since every reader loads those of all pages."""
    url = json.loads(gzip.decompress(fragment).removeprefix(_MAGIC))["url"]
    return digest(unquote(url)) % _NUMBERS


def about(words: int) -> int:
    """The length of a page, as near as its weight needs: fewer different numbers take less room."""
    step = 32 if words < 2048 else 128
    return -(-words // step) * step


def chunk_name(begins: str, number: int) -> str:
    """Chunks are in the order of their words, so no two begin alike. What is not a name on every disk is numbered."""
    return begins if _NAME.fullmatch(begins) and not _DEVICE.fullmatch(begins) else f"-{number}"


def _read(files: Mapping[str, bytes], path: str) -> Any:
    try:
        return cbor2.loads(unpacked(files, path))
    except cbor2.CBORDecodeError:
        raise _unknown(path) from None


def _file(files: Mapping[str, bytes], path: str) -> bytes:
    try:
        return files[path]
    except KeyError:
        raise _unknown(path) from None


def _rows(value: Any, *lengths: int) -> bool:
    return isinstance(value, list) and all(isinstance(row, list) and len(row) in lengths for row in value)


def _first(row: list[Any]) -> str:
    return str(row[0])


def _unknown(path: str) -> IndexFormError:
    return IndexFormError(f"the search index is of a form not known ({path}); install the Pagefind of requirements.txt")
