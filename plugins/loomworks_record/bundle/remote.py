"""`record verify` for a published site: the bundle's statements, every file it lists, and what the server does."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from urllib.parse import unquote, urljoin

from msgspec import Struct
from msgspec.structs import replace

from loomworks_record.bundle import paths
from loomworks_record.bundle.checks import Bundle, Expectations, bundle_faults, led_on
from loomworks_record.bundle.faults import HISTORY, SIGNATURE, CheckError, Fault, Report, Unreachable, report
from loomworks_record.bundle.fetch import MOVES, Answer, OutOfTime, PublishedSite, UnknownCoding, fetch_small
from loomworks_record.bundle.headers import HeaderRule, base_of, is_active, parse_headers
from loomworks_record.bundle.hosts import HostProfile, parse_redirects
from loomworks_record.bundle.log import read_log
from loomworks_record.bundle.manifest import MAX_MANIFEST, parse_manifest
from loomworks_record.bundle.responses import fits, header_faults, told_apart
from loomworks_record.bundle.statements import hex_digest
from loomworks_record.bundle.verify import LIMITS, check_last, difference, notes, profile_of, read_bundle

CONNECTIONS = 8
GIVE_UP_AFTER = 8  # unanswered requests
_PORTION = 1_000  # files
ROUNDS = 3  # checks of a site that changes meanwhile

Progress = Callable[[int, int], None]

# Faults that one answer shows by itself. All others compare two answers, between which a release may have come.
_BY_ITSELF = frozenset(
    ("signature-syntax", "signature-namespace", "signature-key", "signature-expired", "log-not-extended", "log-forked",
     "log-syntax", "log-sequence", "log-entry", "rollback", "sequence-reused", "stamp-syntax", "stamp-expired",
     "stamp-future", "stamp-period", "clock-set-back", "header-missing", "header-differs", "header-unexpected",
     "withdrawn-published", "not-found-status", "note-signature", "witness-quorum", "note-syntax")
)  # fmt: skip


class _Round(Struct, frozen=True):
    """One check. ``steady``: the statements were read under one stamp; ``moved``: the stamp was another at the end;
    ``manifest``: the digest of the manifest."""

    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    checked: int
    steady: bool
    moved: bool
    manifest: str

    def certain(self) -> Iterator[Fault]:
        """The faults that no release published meanwhile explains."""
        for fault in self.faults:
            grave = fault.exit_code in (SIGNATURE, HISTORY)
            if fault.reason in _BY_ITSELF or (self.steady and grave):
                yield fault


def verify_url(
    url: str, expected: Expectations, *, progress: Progress | None = None, seconds: float | None = None
) -> Report:
    """Every check that can be made from outside. ``progress`` is told (files done, files in all); ``seconds``: how
    long all of it may take.

    A file that the manifest does not list cannot be found from outside; addresses of withdrawn documents are tried.
    """
    site = PublishedSite(url, seconds=seconds)
    check_last(expected.last)
    return _verify(site, expected, progress)


def _verify(site: PublishedSite, expected: Expectations, progress: Progress | None) -> Report:
    """Check, and check anew what changed meanwhile, a bounded number of times.

    Whoever serves the stamp cannot turn an answer into "try again": what one answer shows by itself is kept, and so is
    a fault of signature or history that no round was without.
    """
    kept: list[Fault] = []
    rounds: list[_Round] = []
    while len(rounds) < ROUNDS:
        try:
            found = _round(site, expected, progress)
        except CheckError as wrong:
            return report([*kept, Fault(wrong.reason, site.base, str(wrong))])
        if isinstance(found, Fault):
            return report([*kept, found])
        kept += found.certain()
        if not found.moved:
            return replace(report([*kept, *found.faults], found.notes, found.checked), manifest=found.manifest)
        rounds.append(found)
    always = set.intersection(*({fault.reason for fault in each.faults} for each in rounds))
    kept += (f for f in rounds[0].faults if f.exit_code in (SIGNATURE, HISTORY) and f.reason in always)
    message = f"other releases were published meanwhile, {ROUNDS} times; run the command again"
    return report([*kept, Fault("moved-while-checking", paths.STAMP, message)])


def _round(site: PublishedSite, expected: Expectations, progress: Progress | None) -> _Round | Fault:
    stamp = fetch_small(site, paths.STAMP, LIMITS[paths.STAMP])
    manifest = fetch_small(site, paths.MANIFEST, MAX_MANIFEST)
    if manifest is None:
        return Fault("manifest-missing", paths.MANIFEST, f"is not at {site.base}; is it a record?")
    parsed = parse_manifest(manifest, name=paths.MANIFEST)
    if not parsed.digests and not parsed.faults:
        return Fault("manifest-empty", paths.MANIFEST, "lists nothing, so nothing can be checked")
    bundle, failures = _bundle(site, manifest, parsed.digests, stamp)
    again = fetch_small(site, paths.STAMP, LIMITS[paths.STAMP])
    if again != stamp and again is not None and fits(again, manifest):
        bundle, failures = _bundle(site, manifest, parsed.digests, again)
    stated = told_apart(bundle, expected, list(bundle_faults(bundle, expected)))
    if failures:  # what did not come is not a fault of what came
        stated = [fault for fault in stated if fault.reason in _BY_ITSELF]
    profile = profile_of(bundle, expected.host)
    rules, rule_faults = _rules(bundle)
    if not profile.reads_rules:
        rules = ()
    served = [path for path in bundle.digests if path not in paths.NOT_SERVED and not paths.is_unsafe(path)]
    more, decoding = _file_faults(site, bundle.digests, served, rules, led_on(bundle) or {}, progress, profile.sends)
    faults = [*parsed.faults, *stated, *failures, *rule_faults, *more]
    for further in (_withdrawn_faults, *([_redirect_faults] if profile.reads_rules else []), _not_found_faults):
        faults += _as_faults(further, site, bundle)
    last = _as_faults(lambda site, _: _moved(site, again), site, bundle)
    moved = bool(last) or again != stamp
    faults += (fault for fault in last if fault.reason != "moved-while-checking")
    told = (*notes(bundle, expected, faults), *_lost(profile, served), *decoding)
    return _Round(tuple(faults), told, len(served), stamp == again, moved, hex_digest(manifest))


def _lost(profile: HostProfile, served: Iterable[str]) -> Iterator[str]:
    if not profile.reads_rules:
        run = "scripts in filed HTML can run below /raw/, and " if any(map(is_active, served)) else ""
        yield (
            f"a host of the kind '{profile.name}' reads neither _headers nor _redirects, and neither was looked for: "
            f"{run}renamed addresses do not lead on (docs/publish.md)"
        )


def _as_faults(
    check: Callable[[PublishedSite, Bundle], Iterator[Fault]], site: PublishedSite, bundle: Bundle
) -> list[Fault]:
    """What a check finds; an answer that does not come is one fault more, and takes none of the others away."""
    found: list[Fault] = []
    try:
        found.extend(check(site, bundle))
    except CheckError as wrong:
        found.append(Fault(wrong.reason, site.base, str(wrong)))
    return found


def _moved(site: PublishedSite, stamp: bytes | None) -> Iterator[Fault]:
    if fetch_small(site, paths.STAMP, LIMITS[paths.STAMP]) != stamp:
        yield Fault("moved-while-checking", paths.STAMP, "another release was published meanwhile")


def _bundle(
    site: PublishedSite, manifest: bytes, digests: Mapping[str, str], stamp: bytes | None
) -> tuple[Bundle, list[Fault]]:
    """The bundle's statements, and why some could not be had."""
    failures: list[Fault] = []

    def read(path: str, most: int) -> bytes | None:
        if path == paths.STAMP:
            return stamp
        if len(failures) > 1:
            return None  # each one may take its time
        served = paths.COPIES.get(path, path)
        try:
            return fetch_small(site, served, most)
        except CheckError as wrong:
            failures.append(Fault(wrong.reason, served, str(wrong)))
            return None

    bundle = read_bundle(manifest, digests, read)
    return bundle, failures


def _rules(bundle: Bundle) -> tuple[tuple[HeaderRule, ...], list[Fault]]:
    try:
        return parse_headers(bundle.headers or b""), []
    except ValueError as wrong:
        return (), [Fault("host-headers", paths.HEADERS_COPY, str(wrong))]


def _file_faults(
    site: PublishedSite,
    digests: Mapping[str, str],
    served: list[str],
    rules: tuple[HeaderRule, ...],
    moves: Mapping[str, str],
    progress: Progress | None,
    added: frozenset[str] = frozenset(),
) -> tuple[list[Fault], list[str]]:
    """Every listed file is served with its bytes and its headers; the notes say what had to be decoded."""
    faults: list[Fault] = []
    wrong_headers: dict[tuple[str, str], list[str]] = {}
    codings: dict[str, int] = {}
    unanswered = 0
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for done, (path, answer) in enumerate(_answers(pool, site, served), 1):
            if isinstance(answer, CheckError):
                late = isinstance(answer, OutOfTime)
                faults.append(Fault(answer.reason, "" if late else path, str(answer)))
                unanswered += 1
                if late or unanswered >= GIVE_UP_AFTER:
                    pool.shutdown(cancel_futures=True)
                    break
                continue
            if _leads(site, answer, moves.get(f"/{path}")):
                continue  # the page that leads on, and the host that does so before it
            faults += _answer_faults(path, answer, digests[path])
            for name in answer.codings:
                codings[name] = codings.get(name, 0) + 1
            for reason, message in header_faults(site, path, answer, rules, added):
                wrong_headers.setdefault((reason, message), []).append(path)
            if progress is not None:
                progress(done, len(served))
    for (reason, message), where in wrong_headers.items():
        more = f" (and {len(where) - 1} more addresses)" if len(where) > 1 else ""
        faults.append(Fault(reason, min(where), message + more))
    told = [f"{count:,} files came as {name}, unasked, and were decoded" for name, count in sorted(codings.items())]
    return faults, told


def _answers(
    pool: ThreadPoolExecutor, site: PublishedSite, served: Iterable[str]
) -> Iterator[tuple[str, Answer | CheckError]]:
    def one(path: str) -> tuple[str, Answer | CheckError]:
        try:
            return path, site.get_file(path)
        except (Unreachable, UnknownCoding) as wrong:
            return path, wrong

    waiting = iter(served)
    while portion := list(islice(waiting, _PORTION)):  # what is handed out costs some kilobytes each
        yield from pool.map(one, portion)


def _answer_faults(path: str, answer: Answer, wanted: str) -> Iterator[Fault]:
    if path == paths.NOT_FOUND and answer.status == 404 and answer.sha256 == wanted:
        return  # servers may keep the 404 page for what is not found
    if answer.status in MOVES:
        message = f"redirects to '{paths.said(answer.headers.get('Location', ''))}', where nothing was declared"
        yield Fault("redirect-differs", path, message)
    elif answer.status in (404, 410):
        yield Fault("file-missing", path, f"is in the manifest, but the server answers {answer.status}")
    elif answer.status != 200:
        yield Fault("file-unreadable", path, f"the server answers {answer.status}")
    elif wanted not in (answer.sha256, answer.sent):
        yield difference(path, wanted, answer.sha256, answer.body)


def _withdrawn_faults(site: PublishedSite, bundle: Bundle) -> Iterator[Fault]:
    """The server has no bytes of a withdrawn document, though the manifest would not show them."""
    log, _ = read_log(bundle.log or b"", name=paths.LOG)
    for path in log.withdrawn:
        if site.get_file(paths.RAW + path).status == 200:
            yield Fault("withdrawn-published", paths.RAW + path, "was withdrawn, but the server answers it")


def _leads(site: PublishedSite, answer: Answer, target: str | None) -> bool:
    """Whether an answer is a redirect to ``target``."""
    if target is None or answer.status not in MOVES:
        return False
    given = _resolved(site.base + answer.path, answer.headers.get("Location", ""))
    return unquote(given) == unquote(target if target.startswith("https://") else site.base + target)


def _redirect_faults(site: PublishedSite, bundle: Bundle) -> Iterator[Fault]:
    """Each declared rename leads where it was declared to."""
    try:
        moves = parse_redirects(bundle.redirects or b"", base_of(bundle.headers or b""))
    except ValueError as wrong:
        yield Fault("host-redirects", paths.REDIRECTS_COPY, str(wrong))
        return
    for source, target, _ in moves:
        answer = site.get(source)
        if _answered_by_page(answer, unquote(source).removeprefix("/"), bundle.digests):
            continue  # it leads on where the host does not
        if answer.status not in MOVES:
            message = f"expected a redirect to {target}, got status {answer.status}"
            yield Fault("redirect-missing", source, message)
            continue
        if not _leads(site, answer, target):
            given = _resolved(site.base + source, answer.headers.get("Location", ""))
            wanted = target if target.startswith("https://") else site.base + target
            yield Fault("redirect-differs", source, f"expected a redirect to {wanted}, got {paths.said(given)}")


def _answered_by_page(answer: Answer, path: str, digests: Mapping[str, str]) -> bool:
    """Whether there is a page that leads on, at the address itself or, where the host adds it, with ``.html``."""
    stripped = digests.get(f"{path}.html")
    pages = (digests.get(path), stripped)
    return (answer.status == 200 and answer.sha256 in pages) or (answer.status == 404 and stripped is not None)


def _not_found_faults(site: PublishedSite, bundle: Bundle) -> Iterator[Fault]:
    """Addresses that nobody filed are answered with 404 and the site's own page."""
    made_up = secrets.token_hex(8)
    for address in (f"/{made_up}", f"/{made_up}/", f"/view/{made_up}.html", f"/raw/{made_up}.md"):
        answer = site.get(address)
        if answer.status in MOVES and address.endswith(".html"):
            answer = site.get(address.removesuffix(".html"))
        if answer.status != 404:
            yield Fault("not-found-status", address, f"expected 404, got {answer.status}")
        elif answer.sha256 != bundle.digests.get(paths.NOT_FOUND):
            yield Fault("not-found-page", address, f"expected the bytes of {paths.NOT_FOUND}, got others")


def _resolved(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:
        return target
