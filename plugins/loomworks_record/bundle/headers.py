"""HTTP headers of the published site: one table of rules, written as ``_headers`` and as part of the nginx file; which
content type a file has by the end of its name; and names that carry the hash of their content, and may be cached for
ever.

Later rules win. That is not what Cloudflare Pages does by itself (it joins equal headers with a comma), so a rule
that sets a header anew detaches it first (``! Name``).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from loomworks_record.bundle.faults import Fault
from loomworks_record.bundle.statements import hex_digest

NO_CACHE = "no-cache"
IMMUTABLE = "public, max-age=31536000, immutable"
TEXT = "text/plain; charset=utf-8"
ACTIVE = (".html", ".htm", ".xhtml", ".svg")

# Pagefind compiles WebAssembly ('wasm-unsafe-eval') and needs nothing else; no inline script, no inline style.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
# Filed HTML keeps its own styles and pictures, and can run, send and load nothing.
RAW_POLICY = (
    "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
ASSETS = "assets/"
HEX_DIGITS = 10
HASHED = re.compile(rf"\.([0-9a-f]{{{HEX_DIGITS}}})\.[A-Za-z0-9]+$")
TYPES = {
    "application/atom+xml": "atom",
    "application/json": "json map",
    "application/manifest+json": "webmanifest",
    "application/pdf": "pdf",
    "application/wasm": "wasm",
    "application/xml": "xml",
    "font/woff2": "woff2",
    "image/gif": "gif",
    "image/jpeg": "jpg jpeg",
    "image/png": "png",
    "image/svg+xml": "svg",
    "image/webp": "webp",
    "image/x-icon": "ico",
    "text/css": "css",
    "text/html": "html",
    "text/javascript": "js mjs",
    "text/plain": "txt md csv jsonl",
}
_OF_ENDING = {ending: kind for kind, endings in TYPES.items() for ending in endings.split()}
# Browsers obey the type of these; with "nosniff", which every site declares, they take no other.
_STRICT = frozenset({"text/css", "text/html", "text/javascript"})
_OTHER_NAMES = {
    "text/javascript": {"application/javascript", "application/x-javascript"},
    "application/atom+xml": {"application/xml", "text/xml"},
    "application/xml": {"text/xml"},
    "image/x-icon": {"image/vnd.microsoft.icon"},
    "font/woff2": {"application/font-woff2"},
    "text/plain": {"text/markdown", "text/x-markdown", "text/csv", "application/jsonl", "application/x-ndjson",
                   "application/jsonlines", "application/x-jsonlines"},
}  # fmt: skip
_TEXT = frozenset({"application/atom+xml", "application/json", "application/manifest+json", "application/xml"})
_ANY_BYTES = frozenset({"application/octet-stream", "binary/octet-stream"})
# A browser runs or draws these as pages: no other file may be served as one.
_ACTIVE = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml",
                     "application/pdf", "text/xsl", "multipart/x-mixed-replace"})  # fmt: skip


class HeaderRule(Struct, frozen=True):
    """Headers of every address that ``pattern`` matches; ``*`` stands for any run of characters, at most once."""

    pattern: str
    headers: Mapping[str, str]

    def matches(self, address: str) -> bool:
        return expression(self.pattern).fullmatch(address) is not None


def is_active(path: str) -> bool:
    """Whether a file of the site is one that a browser would run: filed HTML or SVG."""
    return path.startswith("raw/") and path.lower().endswith(ACTIVE)


def header_rules(hashed: Iterable[str], as_text: Iterable[str] = ()) -> tuple[HeaderRule, ...]:
    """The site's rules; ``hashed``: the assets with a content hash in their names, relative to the site; ``as_text``:
    the addresses, without their first "/", of filed HTML that is served as text."""
    return (
        HeaderRule(
            "/*",
            {
                "Cache-Control": NO_CACHE,
                "Content-Security-Policy": PAGE_POLICY,
                "Cross-Origin-Opener-Policy": "same-origin",
                "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "SAMEORIGIN",
            },
        ),
        *(HeaderRule(f"/{path}", {"Cache-Control": IMMUTABLE}) for path in sorted(hashed)),
        # The whole folder: hosts strip .html, so a rule for /raw/*.html would never match.
        HeaderRule("/raw/*", {"Content-Security-Policy": RAW_POLICY}),
        HeaderRule("/raw/*.md", {"Content-Type": TEXT}),
        HeaderRule("/timemap/*", {"Content-Type": "application/link-format"}),
        *(HeaderRule(f"/{path}", {"Content-Type": TEXT}) for path in sorted(as_text)),
        *(
            HeaderRule(f"/integrity/{name}", {"Content-Type": TEXT})
            for name in (
                "checkpoint",
                "checkpoint.note",
                "tlog/checkpoint",
                "log.jsonl",
                "nginx.conf",
                "stamp.json.sig",
            )
        ),
    )


def headers_of(rules: Iterable[HeaderRule], address: str) -> dict[str, str]:
    """The headers that ``rules`` give an address (a path that begins with ``/``); names as written."""
    found: dict[str, tuple[str, str]] = {}
    for rule in rules:
        if rule.matches(address):
            found |= {name.lower(): (name, value) for name, value in rule.headers.items()}
    return dict(found.values())


def format_headers(rules: Sequence[HeaderRule], base: str = "") -> bytes:
    """``_headers`` as Cloudflare Pages and Netlify read it, at the root of the host. ``base``: the path below which the
    site stands there, "" or as "/records"; ``rules`` are of addresses within the site."""
    return "\n".join(_blocks(rules, base)).encode("utf-8")


def parse_headers(data: bytes) -> tuple[HeaderRule, ...]:
    """The rules of a ``_headers`` file, without its base; ValueError for a line that is neither a path nor a header."""
    rules = _rules(data)
    base = _base(rules)
    return tuple(HeaderRule(rule.pattern.removeprefix(base), rule.headers) for rule in rules)


def base_of(headers: bytes) -> str:
    """The path below which a site with these ``_headers`` stands; "" at the root. ValueError as ``parse_headers``."""
    return _base(_rules(headers))


def _base(rules: Sequence[HeaderRule]) -> str:
    """Our first rule is that of every address."""
    return rules[0].pattern.removesuffix("/*") if rules and rules[0].pattern.endswith("/*") else ""


def _rules(data: bytes) -> tuple[HeaderRule, ...]:
    rules: list[HeaderRule] = []
    headers: dict[str, str] = {}
    for line in data.decode("utf-8").splitlines():
        if not line.strip() or line.lstrip().startswith(("#", "!")):
            continue
        if not line[0].isspace():
            headers = {}
            rules.append(HeaderRule(line.strip(), headers))
            continue
        name, colon, value = line.strip().partition(":")
        if not colon or not rules:
            raise ValueError(f"expected 'Name: value' below an address, got {line[:80]!r}")
        headers[name.strip()] = value.strip()
    return tuple(rules)


def sample(pattern: str) -> str:
    """An address that the pattern matches, as short as may be."""
    return pattern.replace("*", "x")


@lru_cache(maxsize=512)
def expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")))


def _blocks(rules: Sequence[HeaderRule], base: str) -> Iterator[str]:
    for position, rule in enumerate(rules):
        before = {name.lower() for name in headers_of(rules[:position], sample(rule.pattern))}
        yield base + rule.pattern
        if not position:
            yield "  ! Access-Control-Allow-Origin"  # Cloudflare Pages sends one unasked
        for name, value in rule.headers.items():
            if name.lower() in before:
                yield f"  ! {name}"
            yield f"  {name}: {value}"
        yield ""


def hashed_name(path: str, data: bytes) -> str:
    """``assets/record.css`` → ``assets/record.0123456789.css``, by the sha256 of ``data``."""
    stem, ending = posixpath.splitext(path)
    return f"{stem}.{hex_digest(data)[:HEX_DIGITS]}{ending}"


def hashed_assets(digests: Mapping[str, str]) -> list[str]:
    """The assets among ``path → sha256`` whose names carry their own content hash."""
    found = []
    for path, digest in digests.items():
        match = HASHED.search(path) if path.startswith(ASSETS) else None
        if match is not None and digest.startswith(match[1]):
            found.append(path)
    return sorted(found)


def asset_faults(digests: Mapping[str, str], immutable: Iterable[str]) -> Iterator[Fault]:
    """What is served as immutable carries its own content hash."""
    for path in immutable:
        match = HASHED.search(path)
        digest = digests.get(path)
        if digest is not None and (match is None or not digest.startswith(match[1])):
            message = f"is served as immutable, but its name does not carry its hash {digest[:HEX_DIGITS]}"
            yield Fault("asset-name", path, message)


def type_complaint(path: str, value: str | None) -> str | None:
    """What is wrong with the ``Content-Type`` that a server sends for a file; None if a browser shows it as meant."""
    essence, _, parameters = (value or "").lower().partition(";")
    essence = essence.strip()
    name = path.rpartition("/")[2]
    wanted = _OF_ENDING.get(name.rpartition(".")[2]) if "." in name else None
    if wanted is None:
        return f"expected a type of plain bytes or text, got {value!r}" if essence in _ACTIVE else None
    if wanted in _STRICT or (essence and essence not in _ANY_BYTES):
        allowed = {wanted} | _OTHER_NAMES.get(wanted, set()) | ({"text/plain"} if wanted in _TEXT else set())
        if essence not in allowed:
            return f"expected {wanted}, got {value!r}"
    charset = _charset(parameters)
    if charset not in (None, "utf-8", "utf8") and not wanted.startswith(("image/", "font/")):
        return f"expected charset utf-8, got {value!r}"
    return None


def _charset(parameters: str) -> str | None:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            return value.strip().strip("\"'")
    return None
