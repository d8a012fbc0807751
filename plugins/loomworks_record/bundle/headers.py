"""HTTP headers of the published site: one table of rules, written as ``_headers`` and as part of the nginx file.

Later rules win. That is not what Cloudflare Pages does by itself (it joins equal headers with a comma), so a rule
that sets a header anew detaches it first (``! Name``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

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


@dataclass(frozen=True, slots=True)
class HeaderRule:
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
