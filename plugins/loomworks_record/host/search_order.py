"""One index for one site: Pagefind 1.5 writes the values of filters in another order at every run.

A filter is a gzipped file of ``pagefind_dcd`` and CBOR, ``[name, [[value, pages], …]]``, named after its hash in
the index's meta file, which ``pagefind-entry.json`` names by its own hash. Values and filters are sorted here,
and the names made anew from what the files then hold.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import cbor2

from loomworks_record.errors import RecordError

_MAGIC = b"pagefind_dcd"
_FILTERS = 3  # the place of the list of filters, [[name, hash], …], in the meta file


class IndexFormError(RecordError):
    """The index is not of the form that this program knows."""


def order_index(folder: Path) -> None:
    """Bring the index in ``folder`` into its one order. Raises IndexFormError for a form not known."""
    entry_file = folder / "pagefind-entry.json"
    if not entry_file.exists():  # a site without pages has no index
        return
    entry = json.loads(entry_file.read_text("utf-8"))
    for language, known in entry["languages"].items():
        known["hash"] = _ordered_language(folder, language, known["hash"])
    entry_file.write_text(json.dumps(entry, ensure_ascii=False, separators=(",", ":")), "utf-8")


def _ordered_language(folder: Path, language: str, meta_hash: str) -> str:
    meta_file = folder / f"pagefind.{meta_hash}.pf_meta"
    meta = _read(meta_file)
    if not isinstance(meta, list) or len(meta) <= _FILTERS or not all(_is_pair(pair) for pair in meta[_FILTERS]):
        raise _unknown(meta_file)
    meta[_FILTERS] = sorted([name, _ordered_filter(folder / "filter", language, old)] for name, old in meta[_FILTERS])
    data = _packed(meta)
    renamed = f"{language}_{_hash(data, 10)}"
    meta_file.unlink()
    (folder / f"pagefind.{renamed}.pf_meta").write_bytes(data)
    return renamed


def _ordered_filter(folder: Path, language: str, old: str) -> str:
    file = folder / f"{old}.pf_filter"
    content = _read(file)
    if not _is_pair(content) or not all(isinstance(value, list) and value for value in content[1]):
        raise _unknown(file)
    name, values = content
    data = _packed([name, sorted(values, key=lambda value: str(value[0]))])
    renamed = f"{language}_{_hash(data, 7)}"
    file.unlink()
    (folder / f"{renamed}.pf_filter").write_bytes(data)
    return renamed


def _read(file: Path) -> Any:
    try:
        data = gzip.decompress(file.read_bytes())
        if not data.startswith(_MAGIC):
            raise _unknown(file)
        return cbor2.loads(data[len(_MAGIC) :])
    except (OSError, EOFError, cbor2.CBORDecodeError):
        raise _unknown(file) from None


def _packed(value: Any) -> bytes:
    return gzip.compress(_MAGIC + cbor2.dumps(value), compresslevel=9, mtime=0)


def _hash(data: bytes, digits: int) -> str:
    return hashlib.sha256(data).hexdigest()[:digits]


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _unknown(file: Path) -> IndexFormError:
    return IndexFormError(
        f"the search index is of a form not known ({file.name}); install the Pagefind that requirements.txt names"
    )
