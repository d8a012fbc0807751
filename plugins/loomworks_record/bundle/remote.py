"""`record verify` for a published site: the bundle's statements, every file it lists, and what the server does.

Only the standard library's urllib. Connections, sizes, times and redirects are bounded, since the server at the
other end may be anybody's.
"""

from __future__ import annotations

import hashlib
import http.client
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message
from typing import IO
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from loomworks_record.bundle import paths
from loomworks_record.bundle.checks import Bundle, Expectations, bundle_faults
from loomworks_record.bundle.faults import CheckError, Fault, Report, Unreachable, report
from loomworks_record.bundle.headers import HeaderRule, base_of, headers_of, parse_headers
from loomworks_record.bundle.log import read_log
from loomworks_record.bundle.manifest import MAX_BYTES as MAX_MANIFEST
from loomworks_record.bundle.manifest import parse_manifest
from loomworks_record.bundle.redirects import parse_redirects
from loomworks_record.bundle.verify import LIMITS, check_last, difference, notes
from loomworks_record.errors import UsageError

CONNECTIONS = 8
TIMEOUT = 20.0  # seconds without an answer
DEADLINE = 300.0  # seconds for one file
MAX_FILE = 512 * 1024 * 1024
TRIES = 3
PAUSE = 0.2  # seconds before the second try; four times as long before each further one
GIVE_UP_AFTER = 8  # unanswered requests

_KEEP = 1024 * 1024
_MOVES = (301, 302, 307, 308)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: ``body`` is None past the number of bytes that were to be kept."""

    path: str
    status: int
    headers: Message
    sha256: str
    body: bytes | None


class Site:
    """A published site at ``url``: fetches addresses (paths that begin with ``/``) below it."""

    def __init__(self, url: str, *, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise UsageError(f"{url}: expected the https:// address of a site")
        self.base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._origin = _origin(parts)
        self._prefix = parts.path.rstrip("/")
        self._timeout = timeout
        handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
        if parts.hostname in _LOOPBACK:
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)

    def get(self, address: str, *, keep: int = _KEEP) -> Answer:
        """One answer, redirects not followed; Unreachable after ``TRIES`` failures."""
        url = self.base + address
        failure = "no answer"
        for attempt in range(TRIES):
            if attempt:
                time.sleep(PAUSE * 4**attempt)
            try:
                answer = self._once(url, address, keep)
            except (OSError, http.client.HTTPException) as wrong:
                failure = str(getattr(wrong, "reason", wrong)) or type(wrong).__name__
                continue
            if answer.status < 500 and answer.status != 429:
                return answer
            failure = f"status {answer.status}"
        raise Unreachable(f"{url}: {failure} ({TRIES} tries); check the address and the network, then try again")

    def get_file(self, path: str, *, keep: int = _KEEP) -> Answer:
        """The answer for a file of the site, after at most one redirect that only strips ``.html``."""
        address = "/" + quote(path)
        answer = self.get(address, keep=keep)
        if answer.status not in _MOVES:
            return answer
        target = self.location(answer)
        if target is None or unquote(target) not in _stripped(path):
            return answer
        return self.get(target, keep=keep)

    def location(self, answer: Answer) -> str | None:
        """Where a redirect leads, as an address of this site; None if it leads elsewhere."""
        target = urlsplit(urljoin(self.base + answer.path, answer.headers.get("Location", "")))
        if _origin(target) != self._origin or not target.path.startswith(f"{self._prefix}/"):
            return None
        return target.path[len(self._prefix) :]

    def _once(self, url: str, address: str, keep: int) -> Answer:
        request = urllib.request.Request(url, headers={"Accept-Encoding": "identity", "User-Agent": "record"})
        try:
            response = self._opener.open(request, timeout=self._timeout)
        except urllib.error.HTTPError as answered:
            response = answered
        with response:
            digest, body = _read(response, keep)
            return Answer(address, response.status, response.headers, digest, body)


def verify_url(url: str, expected: Expectations, *, progress: Callable[[int, int], None] | None = None) -> Report:
    """Every check that can be made from outside. ``progress`` is told (files done, files in all).

    A file that the manifest does not list cannot be found from outside; addresses of withdrawn documents are tried.
    """
    site = Site(url)
    check_last(expected.last)
    try:
        return _verify(site, expected, progress)
    except Unreachable as wrong:
        return report([Fault("unreachable", site.base, str(wrong))])


def fetch_small(site: Site, path: str, limit: int) -> bytes | None:
    """A file's bytes; None if it is not there; CheckError if it is larger than ``limit``."""
    answer = site.get_file(path, keep=limit)
    if answer.status != 200:
        return None
    if answer.body is None:
        raise CheckError(f"{site.base}/{path}: larger than {limit:,} bytes, which no real one is")
    return answer.body


def _verify(site: Site, expected: Expectations, progress: Callable[[int, int], None] | None) -> Report:
    try:
        stamp = fetch_small(site, paths.STAMP, LIMITS[paths.STAMP])
        manifest = fetch_small(site, paths.MANIFEST, MAX_MANIFEST)
        if manifest is None:
            return report([Fault("manifest-missing", paths.MANIFEST, f"is not at {site.base}; is it a record?")])
        bundle = _bundle(site, manifest, stamp)
    except Unreachable:
        raise
    except CheckError as wrong:
        return report([Fault("file-oversized", paths.FOLDER, str(wrong))])
    parsed = parse_manifest(manifest, name=paths.MANIFEST)
    if not parsed.digests and not parsed.faults:
        return report([Fault("manifest-empty", paths.MANIFEST, "lists nothing, so nothing can be checked")])
    faults = [*parsed.faults, *bundle_faults(bundle, expected)]
    rules, rule_faults = _rules(bundle)
    faults += rule_faults
    served = [path for path in bundle.digests if path not in paths.NOT_SERVED and not paths.is_unsafe(path)]
    faults += _file_faults(site, bundle.digests, served, rules, progress)
    faults += _withdrawn_faults(site, bundle)
    faults += _redirect_faults(site, bundle)
    faults += _not_found_faults(site, bundle.digests)
    if site.get_file(paths.STAMP).body != stamp:
        message = "another release was published meanwhile; run the command again"
        return report([Fault("moved-while-checking", paths.STAMP, message)])
    return report(faults, notes(bundle, expected), checked=len(served))


def _bundle(site: Site, manifest: bytes, stamp: bytes | None) -> Bundle:
    def read(path: str) -> bytes | None:
        return fetch_small(site, path, LIMITS.get(path, LIMITS[paths.PROVENANCE]))

    return Bundle(
        manifest=manifest,
        digests=parse_manifest(manifest, name=paths.MANIFEST).digests,
        stamp=stamp,
        signature=read(paths.SIGNATURE),
        checkpoint=read(paths.CHECKPOINT),
        log=read(paths.LOG),
        provenance=read(paths.PROVENANCE),
        sources=read(paths.SOURCES),
        headers=read(paths.HEADERS_COPY),
        redirects=read(paths.REDIRECTS_COPY),
    )


def _rules(bundle: Bundle) -> tuple[tuple[HeaderRule, ...], list[Fault]]:
    try:
        return parse_headers(bundle.headers or b""), []
    except ValueError as wrong:
        return (), [Fault("host-headers", paths.HEADERS_COPY, str(wrong))]


def _file_faults(
    site: Site,
    digests: Mapping[str, str],
    served: list[str],
    rules: tuple[HeaderRule, ...],
    progress: Callable[[int, int], None] | None,
) -> list[Fault]:
    """Every listed file is served with its bytes and its headers."""
    faults: list[Fault] = []
    wrong_headers: dict[tuple[str, str], list[str]] = {}
    unanswered = 0
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for done, (path, answer) in enumerate(_answers(pool, site, served), 1):
            if isinstance(answer, Unreachable):
                faults.append(Fault("unreachable", path, str(answer)))
                unanswered += 1
                if unanswered >= GIVE_UP_AFTER:
                    pool.shutdown(cancel_futures=True)
                    break
                continue
            faults += _answer_faults(path, answer, digests[path])
            for reason, message in _header_faults(answer, rules):
                wrong_headers.setdefault((reason, message), []).append(path)
            if progress is not None:
                progress(done, len(served))
    for (reason, message), where in wrong_headers.items():
        more = f" (and {len(where) - 1} more addresses)" if len(where) > 1 else ""
        faults.append(Fault(reason, min(where), message + more))
    return faults


def _answers(pool: ThreadPoolExecutor, site: Site, served: Iterable[str]) -> Iterator[tuple[str, Answer | Unreachable]]:
    def one(path: str) -> tuple[str, Answer | Unreachable]:
        try:
            return path, site.get_file(path)
        except Unreachable as wrong:
            return path, wrong

    return iter(pool.map(one, served))


def _answer_faults(path: str, answer: Answer, wanted: str) -> Iterator[Fault]:
    if path == paths.NOT_FOUND and answer.status == 404 and answer.sha256 == wanted:
        return  # servers may keep the 404 page for what is not found
    if answer.status in _MOVES:
        message = f"redirects to {answer.headers.get('Location')!r}, where nothing was declared"
        yield Fault("redirect-differs", path, message)
    elif answer.status in (404, 410):
        yield Fault("file-missing", path, f"is in the manifest, but the server answers {answer.status}")
    elif answer.status != 200:
        yield Fault("file-unreadable", path, f"the server answers {answer.status}")
    elif answer.sha256 != wanted:
        yield difference(path, wanted, answer.sha256, answer.body)


def _header_faults(answer: Answer, rules: tuple[HeaderRule, ...]) -> Iterator[tuple[str, str]]:
    if answer.status not in (200, 404):
        return  # a fault already, and no page of the site
    for name, wanted in headers_of(rules, unquote(answer.path)).items():
        values = answer.headers.get_all(name)
        if not values:
            yield "header-missing", f"{name}: expected {wanted!r}, got none"
        elif _normal(", ".join(values)) != _normal(wanted):
            yield "header-differs", f"{name}: expected {wanted!r}, got {', '.join(values)!r}"


def _withdrawn_faults(site: Site, bundle: Bundle) -> Iterator[Fault]:
    """The server has no bytes of a withdrawn document, though the manifest would not show them."""
    log, _ = read_log(bundle.log or b"", name=paths.LOG)
    for path in log.withdrawn:
        if site.get_file(paths.RAW + path).status == 200:
            yield Fault("withdrawn-published", paths.RAW + path, "was withdrawn, but the server answers it")


def _redirect_faults(site: Site, bundle: Bundle) -> Iterator[Fault]:
    """Each declared rename leads where it was declared to."""
    try:
        moves = parse_redirects(bundle.redirects or b"", base_of(bundle.headers or b""))
    except ValueError as wrong:
        yield Fault("host-redirects", paths.REDIRECTS_COPY, str(wrong))
        return
    for source, target, _ in moves:
        answer = site.get(source)
        if answer.status not in _MOVES:
            message = f"expected a redirect to {target}, got status {answer.status}"
            yield Fault("redirect-missing", source, message)
            continue
        given = urljoin(site.base + source, answer.headers.get("Location", ""))
        wanted = target if target.startswith("https://") else site.base + target
        if unquote(given) != unquote(wanted):
            yield Fault("redirect-differs", source, f"expected a redirect to {wanted}, got {given}")


def _not_found_faults(site: Site, digests: Mapping[str, str]) -> Iterator[Fault]:
    """Addresses that nobody filed are answered with 404 and the site's own page."""
    made_up = secrets.token_hex(8)
    for address in (f"/{made_up}", f"/{made_up}/", f"/view/{made_up}.html", f"/raw/{made_up}.md"):
        answer = site.get(address)
        if answer.status in _MOVES and address.endswith(".html"):
            answer = site.get(address.removesuffix(".html"))
        if answer.status != 404:
            yield Fault("not-found-status", address, f"expected 404, got {answer.status}")
        elif answer.sha256 != digests.get(paths.NOT_FOUND):
            yield Fault("not-found-page", address, f"expected the bytes of {paths.NOT_FOUND}, got others")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


def _read(response: IO[bytes], keep: int) -> tuple[str, bytes | None]:
    """Digest and, up to ``keep`` bytes, the body."""
    found = hashlib.sha256()
    kept: list[bytes] = []
    size = 0
    until = time.monotonic() + DEADLINE
    while chunk := response.read(256 * 1024):
        size += len(chunk)
        if size > MAX_FILE:
            raise OSError(f"more than {MAX_FILE:,} bytes")
        if time.monotonic() > until:
            raise OSError(f"not done after {DEADLINE:.0f} seconds")
        found.update(chunk)
        if size <= keep:
            kept.append(chunk)
    return found.hexdigest(), b"".join(kept) if size <= keep else None


def _stripped(path: str) -> frozenset[str]:
    """The addresses that a host may move a file's address to."""
    if path == "index.html" or path.endswith("/index.html"):
        return frozenset({"/" + path.removesuffix("index.html")})
    return frozenset({"/" + path.removesuffix(".html")})


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port


def _normal(value: str) -> str:
    return " ".join(value.replace(";", " ; ").replace(",", " , ").split()).lower()
