"""Headers, redirects and host profiles: one table, three forms with the same effect."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.bundle.faults import REASONS, ContentError, Fault, report
from loomworks_record.bundle.headers import (
    IMMUTABLE,
    NO_CACHE,
    PAGE_POLICY,
    format_headers,
    header_rules,
    headers_of,
    parse_headers,
)
from loomworks_record.bundle.hosts import (
    PROFILES,
    declared_redirects,
    format_nginx,
    format_redirects,
    host_profile,
    parse_redirects,
)
from loomworks_record.errors import UsageError
from support import programs, strangers

HASHED = ["assets/record/a.0123456789.css", "assets/record/m.9876543210.js"]
RULES = header_rules(HASHED)
FILES = {"view/new.md.html", "index.html", "phases/x/index.html", "404.html"}


@pytest.mark.parametrize(
    ("address", "cache", "sandboxed", "kind"),
    [
        ("/", NO_CACHE, False, None),
        ("/view/a.md.html", NO_CACHE, False, None),
        ("/view/a.md", NO_CACHE, False, None),
        ("/" + HASHED[0], IMMUTABLE, False, None),
        ("/assets/record/other.css", NO_CACHE, False, None),
        ("/assets/stylesheets/main.abcdef01.min.css", NO_CACHE, False, None),
        ("/pagefind/pagefind.js", NO_CACHE, False, None),
        ("/raw/phases/é/a.md", NO_CACHE, True, "text/plain; charset=utf-8"),
        ("/raw/a.html", NO_CACHE, True, None),
        ("/raw/a", NO_CACHE, True, None),
        ("/integrity/stamp.json", NO_CACHE, False, None),
        ("/integrity/checkpoint", NO_CACHE, False, "text/plain; charset=utf-8"),
    ],
)
def test_what_an_address_is_served_with(address: str, cache: str, sandboxed: bool, kind: str | None) -> None:
    for rules in (RULES, parse_headers(format_headers(RULES))):
        headers = headers_of(rules, address)
        assert headers["Cache-Control"] == cache
        assert headers["Content-Security-Policy"].startswith("sandbox") == sandboxed
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers.get("Content-Type") == kind


def test_pages_run_no_script_of_their_own() -> None:
    assert "unsafe-inline" not in PAGE_POLICY
    assert "'unsafe-eval'" not in PAGE_POLICY
    assert "'wasm-unsafe-eval'" in PAGE_POLICY
    assert "script-src 'self' 'wasm-unsafe-eval';" in PAGE_POLICY


@given(
    st.sampled_from(["/", "/raw/", "/raw/x.md", "/view/", "/assets/record/", "/integrity/log.jsonl"]),
    st.text("a./é%", max_size=6),
)
def test_the_file_says_what_the_table_says(start: str, rest: str) -> None:
    assert headers_of(parse_headers(format_headers(RULES)), start + rest) == headers_of(RULES, start + rest)


def test_equal_headers_are_detached_before_they_are_set_anew() -> None:
    """Cloudflare Pages joins equal names of every rule that matches."""
    text = format_headers(RULES).decode()
    for block in text.split("\n\n")[1:]:
        for name in re.findall(r"^  (Cache-Control|Content-Security-Policy):", block, re.MULTILINE):
            assert f"  ! {name}\n" in block


@pytest.mark.parametrize("data", [b"  Name: value\n", b"/*\n  no colon\n"])
def test_what_is_no_headers_file(data: bytes) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_headers(data)


def test_redirects_are_written_for_the_address_with_and_without_html() -> None:
    pairs = declared_redirects({"/view/é alt.md.html".replace(" ", "-"): "/view/new.md.html#s1"}, FILES)
    assert pairs == tuple((f"/view/é-alt.md{ending}", "/view/new.md.html#s1", 301) for ending in ("", ".html"))
    data = format_redirects(pairs)
    assert data.startswith(b"/view/%C3%A9-alt.md /view/new.md.html#s1 301\n")
    assert parse_redirects(data) == tuple((s.replace("é", "%C3%A9"), t, 301) for s, t, _ in pairs)
    assert 'location = "/view/é-alt.md" { return 301 "/view/new.md.html#s1"; }' in format_nginx(RULES, pairs).decode()


@pytest.mark.parametrize(
    ("source", "target", "complaint"),
    [
        ("view/x", "/view/new.md.html", "begins with '/'"),
        ("//host/x", "/view/new.md.html", "begins with '/'"),
        ("/a b", "/view/new.md.html", "odd characters"),
        ("/a\n/b /c", "/view/new.md.html", "odd characters"),
        ('/a"; evil', "/view/new.md.html", "odd characters"),
        ("/a%0A", "/view/new.md.html", "odd characters"),
        ("/view/new.md.html", "/", "there is a page at this address"),
        ("/phases/x/", "/", "there is a page at this address"),
        ("/view/new.md", "/", "there is a page at this address"),
        ("/old", "/view/gone.html", "no page at the target"),
        ("/old", "http://example.org/", "begins with '/' or 'https://'"),
        ("/old", "/$uri", "begins with '/' or 'https://'"),
        ("/old", "/older", "moves on itself"),
    ],
)
def test_a_rename_that_cannot_work(source: str, target: str, complaint: str) -> None:
    with pytest.raises(ContentError, match=re.escape(complaint)):
        declared_redirects({source: target, "/older": "/"}, FILES)


def test_all_renames_that_cannot_work_are_named_at_once() -> None:
    with pytest.raises(ContentError) as wrong:
        declared_redirects({"/a": "/gone", "b": "/", "/c": "/view/new.md"}, FILES)
    assert len(str(wrong.value).splitlines()) == 2


def test_nginx_quotes_what_a_pattern_may_hold() -> None:
    text = format_nginx(header_rules(["assets/a+(b).0123456789.css"]), ()).decode()
    assert 'location = "/assets/a+(b).0123456789.css" {' in text
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("name", ["cloudflare", "", "None"])
def test_an_unknown_host(name: str) -> None:
    with pytest.raises(UsageError, match="expected one of none, cloudflare-free, cloudflare-paid"):
        host_profile(name)


def test_the_limits_of_cloudflare_pages() -> None:
    free, paid = PROFILES["cloudflare-free"], PROFILES["cloudflare-paid"]
    assert (free.max_files, paid.max_files) == (20_000, 100_000)
    assert free.max_file_bytes == paid.max_file_bytes == 26_214_400


def test_the_gravest_fault_decides() -> None:
    worst = ["signature-wrong", "rollback", "file-differs", "document-changed", "stamp-expired", "unreachable"]
    for at, reason in enumerate(worst):
        found = report([Fault(each, "x", "m") for each in reversed(worst[at:])])
        assert found.faults[0].reason == reason
        assert found.exit_code == REASONS[reason][0]
    assert report([]).exit_code == 0


# What Netlify's own parsers read of the two files that are given.
_NETLIFY = """
const [modules, headers, redirects] = process.argv.slice(1);
const { parseAllHeaders } = await import(`${modules}/@netlify/headers-parser/lib/index.js`);
const { parseAllRedirects } = await import(`${modules}/@netlify/redirect-parser/lib/index.js`);
const options = { configHeaders: [], configRedirects: [], minimal: true };
console.log(JSON.stringify([
  await parseAllHeaders({ ...options, headersFiles: [headers] }),
  await parseAllRedirects({ ...options, redirectsFiles: [redirects] }),
]));
"""


@pytest.mark.full
@pytest.mark.parametrize("base", ["", "/records"])
def test_what_netlify_reads(base: str, tmp_path: Path) -> None:
    """Every rule as we mean it. "! Name" it passes over: what two rules with one header come to is its own affair."""
    modules = strangers.node_modules("@netlify/headers-parser@9.0.3", "@netlify/redirect-parser@15.0.4")
    (tmp_path / "_headers").write_bytes(format_headers(RULES, base))
    given = {"/view/old.md.html": "/view/new.md.html", "/view/oldér.md.html": "/phases/x/"}
    moved = declared_redirects(given, FILES)
    (tmp_path / "_redirects").write_bytes(format_redirects(moved, base))
    node = programs.need("node", package="nodejs")
    command = [node, "--input-type=module", "-e", _NETLIFY, modules, tmp_path / "_headers", tmp_path / "_redirects"]
    headers, redirects = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert headers["errors"] == redirects["errors"] == []
    assert [(rule["for"], rule["values"]) for rule in headers["headers"]] == [
        (base + rule.pattern, dict(rule.headers)) for rule in RULES
    ]
    read = [(each["from"], each["to"], each["status"]) for each in redirects["redirects"]]
    assert read == [(base + quote(old), base + quote(new), status) for old, new, status in moved]
    assert len(read) >= 4
