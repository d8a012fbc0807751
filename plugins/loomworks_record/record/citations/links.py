"""An author's own links: to a document, a section, an attachment, or out of the record."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from msgspec.structs import replace

from loomworks_record.record.citations.citation import Resolution
from loomworks_record.record.citations.index import RecordIndex
from loomworks_record.source.folding import fold
from loomworks_record.source.names import is_document_name
from loomworks_record.source.neighbour import Neighbour
from loomworks_record.text.anchors import github_anchor
from loomworks_record.text.flatten import flatten_inline
from loomworks_record.text.sections import Section

SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
_SCHEME = re.compile(r"^\s*([A-Za-z][A-Za-z0-9+.-]*)\s*:")


def resolve_link(index: RecordIndex, source: Neighbour, url: str) -> Resolution | None:
    """What a link leads to; None for one that leaves the record, or leads to an attachment that is filed."""
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in SAFE_SCHEMES:
        return Resolution("unresolved", named=url, problem="link-unsafe")
    try:
        parts = urlsplit(url)
    except ValueError:
        return Resolution("unresolved", named=url, problem="link-broken")
    if parts.scheme or parts.netloc:
        if parts.netloc != index.config.origin or not parts.path.startswith("/view/"):
            return None
        path = _viewed(unquote(parts.path.removeprefix("/view/")))
    elif not parts.path:
        path = source.path
    else:
        path = joined(source.path, unquote(parts.path))
    return _to_path(index, source, url, path, unquote(parts.fragment))


def joined(source: str, written: str) -> str:
    """The path below ``content/`` that a relative link leads to; names are in NFC there, whatever was typed."""
    written = normalize("NFC", written)
    if written.startswith("/"):
        return posixpath.normpath(_viewed(written.lstrip("/").removeprefix("view/")))
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), written))


def _viewed(path: str) -> str:
    return path[:-5] if path.endswith((".md.html", ".html.html")) else path


def _to_path(index: RecordIndex, source: Neighbour, url: str, path: str, fragment: str) -> Resolution | None:
    document = linked_document(index, path, source)
    for below in _below(source, url, path) if document is None else ():
        document = document or linked_document(index, below, source)
    if document is None:
        return _no_document(index, source, url, path)
    chain = index.chain(document)
    current = chain.current
    is_other = current is not None and current.version != document.version and document.path != source.path
    found = index.resolution(document, chain, current if is_other else None)
    if not fragment or document.form == "html":
        return found
    is_there, section = linked_section(index, document, fragment)
    if not is_there:
        return replace(found, missing="#" + fragment)
    return replace(found, section=section.anchor) if section else found


def _below(source: Neighbour, url: str, path: str) -> Iterator[str]:
    """What a link from the root ("/guides/x") may mean where the root of its site is a folder of the record: the path
    below each folder that the citing document lies in, the outermost first."""
    folders = source.path.split("/")[:-1] if url.startswith("/") else []
    yield from (posixpath.join(*folders[:depth], path) for depth in range(1, len(folders) + 1))


def linked_document(index: RecordIndex, path: str, source: Neighbour) -> Neighbour | None:
    """The document that a link to ``path`` in ``source`` leads to: its extension may be left out, and of a folder it is
    the one that speaks of it, if any."""
    names = [path, _viewed(path), f"{path}.md", f"{path}.html"]
    if path in index.folders:
        names += (posixpath.normpath(f"{path}/{name}") for name in ("README.md", "readme.md", "index.md", "index.html"))
    for name in names:
        found = index.at(name, source) or (None if name.isascii() else index.at(fold(name), source))
        if found is not None:
            return found
    return None


def linked_section(index: RecordIndex, document: Neighbour, fragment: str) -> tuple[bool, Section | None]:
    """Whether a document has what the fragment of a link names; and the section, None for the top of it."""
    section = index.sections(document).addressed(fragment)
    if section is not None:
        return True, section
    title = index.heading(document)  # a heading too, above the body
    anchors = ("top", github_anchor(flatten_inline(title).block_text(0))) if title else ("top",)
    return fragment.casefold() in anchors, None


def _no_document(index: RecordIndex, source: Neighbour, url: str, path: str) -> Resolution | None:
    for place in (path, *_below(source, url, path)):
        if index.is_attached(place, source) or place.rstrip("/") in index.folders:
            return None
    name = posixpath.basename(path)
    a_file = "." in name and not is_document_name(name)
    return Resolution("unresolved", named=url, problem="attachment-missing" if a_file else "link-broken")


def missing_image(index: RecordIndex, source: Neighbour, url: str) -> bool:
    """Whether an image is linked relatively and is not filed."""
    if _SCHEME.match(url) or url.startswith(("//", "#")) or not url:
        return False
    path = joined(source.path, unquote(urlsplit(url).path)).removeprefix("raw/")
    return not any(index.is_attached(place, source) for place in (path, *_below(source, url, path)))
