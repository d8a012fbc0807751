"""The same headers and redirects for nginx: a file to ``include`` in a ``server`` block that sets ``root``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from loomworks_record.bundle.headers import HeaderRule, expression, headers_of, sample
from loomworks_record.bundle.redirects import STATUS

_TYPES = {
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
_TRY = "try_files $uri $uri.html $uri/ =404;"


def format_nginx(rules: Sequence[HeaderRule], redirects: Collection[tuple[str, str]]) -> bytes:
    """nginx locations that have the effect of ``_headers`` and ``_redirects``; the first matching regex wins."""
    lines = [
        "# Made with the site; see docs/verify.md. Use:  server { listen …; root …; include …/nginx.conf; }",
        "index index.html;",
        "absolute_redirect off;",
        "error_page 404 /404.html;",
        "charset utf-8;",
        "charset_types text/html text/plain text/css text/javascript application/json application/xml;",
        "default_type application/octet-stream;",
        "types {",
        *(f"    {kind} {endings};" for kind, endings in _TYPES.items()),
        "}",
        "location = /_headers { return 404; }",
        "location = /_redirects { return 404; }",
        *(f'location = "{source}" {{ return {STATUS} "{target}"; }}' for source, target in redirects),
        *_location("= /404.html", headers_of(rules, "/404.html"), internal=True),
    ]
    for rule in reversed(rules):
        found = headers_of(rules, sample(rule.pattern))
        if rule.pattern == "/*":
            lines += _location("/", found)
        elif "*" in rule.pattern:
            lines += _location(f'~ "^{expression(rule.pattern).pattern}$"', found)
        else:
            lines += _location(f'= "{rule.pattern}"', found)
    return "\n".join((*lines, "")).encode("utf-8")


def _location(match: str, headers: dict[str, str], *, internal: bool = False) -> Iterator[str]:
    yield f"location {match} {{"
    if internal:
        yield "    internal;"
    for name, value in headers.items():
        if name == "Content-Type":
            yield "    types { }"
            yield f'    default_type "{value}";'
        else:
            yield f'    add_header {name} "{value}" always;'
    yield f"    {_TRY}"
    yield "}"
