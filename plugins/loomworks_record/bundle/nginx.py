"""The same headers and redirects for nginx: a file to ``include`` in a ``server`` block that sets ``root``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from loomworks_record.bundle.headers import TYPES, HeaderRule, expression, headers_of, sample
from loomworks_record.bundle.paths import NGINX
from loomworks_record.bundle.redirects import STATUS, Redirect, based

_HEAD = "# Made with the site; see docs/verify.md."
_TRY = "try_files $uri $uri.html $uri/ =404;"


def format_nginx(rules: Sequence[HeaderRule], redirects: Collection[Redirect], base: str = "") -> bytes:
    """nginx locations that have the effect of ``_headers`` and ``_redirects``; the first matching regex wins.

    ``base``: the path below which the site stands, "" or as "/records". All then stands in one location, so that
    what else the server has keeps its own.
    """
    if not base:
        use = "server { listen …; root …; include …/nginx.conf; }"
        return "\n".join((f"{_HEAD} Use:  {use}", *_lines(rules, redirects, base), "")).encode("utf-8")
    use = f"server {{ listen …; root R; include R{base}/{NGINX}; }}  where R{base} is this site."
    inner = (f"    {line}" for line in _lines(rules, redirects, base))
    outside = (f"location = {base} {{ return {STATUS} {base}/; }}", f"location {base}/ {{")
    return "\n".join((f"{_HEAD} Use:  {use}", *outside, *inner, "}", "")).encode("utf-8")


def _lines(rules: Sequence[HeaderRule], redirects: Collection[Redirect], base: str) -> Iterator[str]:
    yield from (
        "index index.html;",
        "absolute_redirect off;",
        f"error_page 404 {base}/404.html;",
        "charset utf-8;",
        "charset_types text/plain text/css text/javascript application/json application/xml;",
        "default_type application/octet-stream;",
        "types {",
        *(f"    {kind} {endings};" for kind, endings in TYPES.items()),
        "}",
        f"location = {base}/_headers {{ return 404; }}",
        f"location = {base}/_redirects {{ return 404; }}",
        *(
            f'location = "{base}{source}" {{ return {status} "{based(target, base)}"; }}'
            for source, target, status in redirects
        ),
    )
    yield from _location(f"= {base}/404.html", headers_of(rules, "/404.html"), internal=True)
    for rule in reversed(rules):
        found = headers_of(rules, sample(rule.pattern))
        pattern = base + rule.pattern
        if rule.pattern != "/*":
            match = f'~ "^{expression(pattern).pattern}$"' if "*" in pattern else f'= "{pattern}"'
            yield from _location(match, found)
        elif base:
            yield from _effect(found)
        else:
            yield from _location("/", found)


def _location(match: str, headers: dict[str, str], *, internal: bool = False) -> Iterator[str]:
    yield f"location {match} {{"
    if internal:
        yield "    internal;"
    yield from (f"    {line}" for line in _effect(headers))
    yield "}"


def _effect(headers: dict[str, str]) -> Iterator[str]:
    for name, value in headers.items():
        if name == "Content-Type":
            yield "types { }"
            yield f'default_type "{value}";'
        else:
            yield f'add_header {name} "{value}" always;'
    yield _TRY
