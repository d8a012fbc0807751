"""What a server says of a file beside its bytes: the declared headers, its type, and what nobody declared. And of
which release: a cache that is behind mixes the files of two, told as that, file by file, and not as a rewritten log.
Only of what a server answers: in a folder there is no cache, and a log that does not fit is one that was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urljoin, urlsplit

from loomworks_record.bundle import merkle, paths
from loomworks_record.bundle.checks import Bundle, Expectations
from loomworks_record.bundle.faults import Fault
from loomworks_record.bundle.fetch import Answer, PublishedSite
from loomworks_record.bundle.headers import HeaderRule, headers_of, is_active, type_complaint
from loomworks_record.bundle.log import read_log
from loomworks_record.bundle.paths import NOT_FOUND, said
from loomworks_record.bundle.statements import (
    Checkpoint,
    Stamp,
    extends,
    hex_digest,
    parse_checkpoint,
    parse_note,
    parse_stamp,
    utc,
)

_LINK = re.compile(r"<([^>]*)>((?:[^,\"]|\"[^\"]*\")*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,]+))", re.IGNORECASE)
# Relations by which a browser, or a search engine, takes something from where the link leads.
_TAKEN = frozenset({"stylesheet", "preload", "modulepreload", "prefetch", "prerender", "preconnect", "dns-prefetch",
                    "canonical", "alternate", "icon", "manifest"})  # fmt: skip
# Headers that change what a reader gets, whatever their value; hosts add harmless ones of their own, so this is a list
# of what is not harmless.
_NEVER = (
    "Refresh", "Set-Cookie", "Set-Cookie2", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials",
    "Clear-Site-Data", "Service-Worker-Allowed", "Speculation-Rules", "SourceMap", "X-SourceMap", "Content-Range",
)  # fmt: skip
# What compares two statements, of which one is of another generation.
_COMPARING = {
    paths.LOG: ("log-", "tiles-differ", "archive-", "withdrawn-published", "provenance-log"),
    paths.CHECKPOINT: ("log-root", "log-size", "checkpoint-", "log-not-extended", "note-checkpoint"),
    paths.PROVENANCE: ("provenance-log", "checkpoint-origin"),
    paths.NOTE: ("note-checkpoint",),
    paths.MANIFEST: ("archive-", "tiles-differ"),
}


def header_faults(
    site: PublishedSite, path: str, answer: Answer, rules: tuple[HeaderRule, ...], added: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """``(reason, message)``: each declared header is sent as declared, the type is the file's, and nothing that was
    not declared leads a reader elsewhere or leaves something with them. ``added``: what the host adds to every answer,
    in lower case."""
    if answer.status != 200 and (answer.status, path) != (404, NOT_FOUND):
        return  # a fault already, and no file of the site
    declared = headers_of(rules, unquote(answer.path))
    for name, wanted in declared.items():
        values = answer.headers.get_all(name)
        if not values:
            yield "header-missing", f"{name}: expected {wanted!r}, got none{_consequence(name, path)}"
        elif _normal(", ".join(values)) != _normal(wanted):
            yield (
                "header-differs",
                f"{name}: expected {wanted!r}, got '{said(', '.join(values))}'{_consequence(name, path)}",
            )
    names = {name.lower() for name in declared}
    if "content-type" not in names:
        types: list[str | None] = [*answer.headers.get_all("Content-Type", ())]
        for value in types or [None]:
            complaint = type_complaint(path, value)
            if complaint is not None:
                yield "header-differs", f"Content-Type: {said(complaint)}"
    for name, message in _foreign(site, path, answer):
        if name.lower() not in names | added:
            yield "header-unexpected", f"{name}: {message}"


def _consequence(name: str, path: str) -> str:
    if name.lower() != "content-security-policy" or not is_active(path):
        return ""
    return "; the scripts of filed HTML can run on this site's origin: set the header, or filed_html: text"


def _foreign(site: PublishedSite, path: str, answer: Answer) -> Iterator[tuple[str, str]]:
    for name in _NEVER:
        for value in answer.headers.get_all(name, ()):
            yield name, f"was not declared, got '{said(value)}'"
    for value in answer.headers.get_all("Link", ()):
        for target, parameters in _LINK.findall(value):
            relations = {word for one in _REL.findall(parameters) for word in (one[0] or one[1]).lower().split()}
            if "stylesheet" in relations or (relations & _TAKEN and site.is_elsewhere(answer.path, target)):
                yield "Link", f"was not declared, got '{said(value)}'"
                break
    for value in answer.headers.get_all("Content-Location", ()):
        if not _is_same(site, path, answer.path, value):
            yield "Content-Location", f"names another address, '{said(value)}'"
    for value in answer.headers.get_all("Content-Disposition", ()):
        if value.strip().lower().startswith("attachment"):
            yield "Content-Disposition", f"was not declared, got '{said(value)}'"


def _is_same(site: PublishedSite, path: str, address: str, value: str) -> bool:
    """Whether a ``Content-Location`` names this very file of this site."""
    if site.is_elsewhere(address, value):
        return False
    given = unquote(urlsplit(urljoin(site.base + address, value)).path)
    below = unquote(urlsplit(site.base).path)
    return given in {f"{below}/{path}", below + unquote(address)}


def _normal(value: str) -> str:
    return " ".join(value.replace(";", " ; ").replace(",", " , ").split()).lower()


def fits(stamp: bytes, manifest: bytes) -> bool:
    """Whether a stamp is of this manifest."""
    try:
        return parse_stamp(stamp).manifest == hex_digest(manifest)
    except ValueError:
        return False


def told_apart(bundle: Bundle, expected: Expectations, faults: Sequence[Fault]) -> list[Fault]:
    """``faults`` of a bundle's statements; where some are of another generation than the stamp, that is said, and
    what follows from it alone is left out."""
    try:
        stamp = parse_stamp(bundle.stamp or b"")
    except ValueError:
        return list(faults)
    strangers = dict(_strangers(bundle, stamp))
    if not strangers:
        return list(faults)
    following = tuple(prefix for path in strangers for prefix in _COMPARING.get(path, ()))
    if paths.MANIFEST in strangers and not _shows_less(bundle, expected):
        following += ("rollback",)  # the stamp is what lags
    left = [fault for fault in faults if not fault.reason.startswith(following)]
    for path, evidence in strangers.items():
        message = f"is of another generation than the stamp of {utc(stamp.sequence)}: {evidence}; a cache may be behind"
        left.append(Fault("generation-mixed", path, message))
    return left


def _strangers(bundle: Bundle, stamp: Stamp) -> Iterator[tuple[str, str]]:
    """The statements that are not of the stamp's generation, each with what shows it."""
    manifest = hex_digest(bundle.manifest)
    if manifest != stamp.manifest:
        yield paths.MANIFEST, f"the stamp is of manifest {stamp.manifest}, got {manifest}"
    if bundle.checkpoint is not None and hex_digest(bundle.checkpoint) != stamp.checkpoint:
        yield paths.CHECKPOINT, f"the stamp is of checkpoint {stamp.checkpoint}, got {hex_digest(bundle.checkpoint)}"
    if bundle.note is not None and _is_earlier(bundle.note, bundle.log or b""):
        yield paths.NOTE, "it is of an earlier state of this log"
    if manifest == stamp.manifest:
        yield from _unlisted(bundle)
        return
    if bundle.log is not None and bundle.checkpoint is not None and hex_digest(bundle.checkpoint) == stamp.checkpoint:
        own, leaves = _parsed(bundle.checkpoint), bundle.log.split(b"\n")[:-1]
        if own is not None and (len(leaves), merkle.root(leaves)) != (own.size, own.root):
            yield paths.LOG, f"the stamp's checkpoint has {own.size} entries, got {len(leaves)}"
    if bundle.sources is not None and hex_digest(bundle.sources) != stamp.sources:
        yield paths.SOURCES, f"the stamp is of sources {stamp.sources}, got {hex_digest(bundle.sources)}"


def _is_earlier(note: bytes, log: bytes) -> bool:
    try:
        checkpoint = parse_checkpoint(parse_note(note).text)
    except ValueError:
        return False
    leaves = log.split(b"\n")[:-1]
    return checkpoint.size < len(leaves) and merkle.root(leaves[: checkpoint.size]) == checkpoint.root


def _unlisted(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """The statements that the manifest, which is the stamp's, has other digests for."""
    statements = {
        paths.LOG: bundle.log,
        paths.PROVENANCE: bundle.provenance,
        paths.SOURCES: bundle.sources,
        paths.HEADERS_COPY: bundle.headers,
        paths.REDIRECTS_COPY: bundle.redirects,
    }
    for path, data in statements.items():
        if data is not None and path in bundle.digests and hex_digest(data) != bundle.digests[path]:
            yield path, f"the manifest has sha256 {bundle.digests[path]}, got {hex_digest(data)}{_size(path, data)}"


def _shows_less(bundle: Bundle, expected: Expectations) -> bool:
    """Whether the manifest's own log lacks what was accepted before."""
    checkpoint = _parsed(bundle.checkpoint or b"")
    if bundle.log is None or checkpoint is None or bundle.digests.get(paths.LOG) != hex_digest(bundle.log):
        return False
    log, _ = read_log(bundle.log, name=paths.LOG)
    try:
        last = parse_stamp(expected.last or b"").checkpoint
    except ValueError:
        return False
    return not extends(checkpoint.origin, log.leaves, last)


def _parsed(data: bytes) -> Checkpoint | None:
    try:
        return parse_checkpoint(data)
    except ValueError:
        return None


def _size(path: str, data: bytes) -> str:
    return f" ({data.count(10):,} entries)" if path == paths.LOG else ""
