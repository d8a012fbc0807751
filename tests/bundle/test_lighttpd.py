"""An honest copy on a real lighttpd that sends the declared headers and compresses nothing: no fault, no note."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sealed
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.headers import TYPES, expression, headers_of, parse_headers, sample
from loomworks_record.bundle.hosts import parse_redirects
from loomworks_record.bundle.remote import verify_url
from support.site import Build


def configuration(site: Path, port: int) -> str:
    rules = parse_headers((site / "_headers").read_bytes())
    lines = [
        f'server.document-root = "{site}"',
        f'server.port = {port}\nserver.bind = "127.0.0.1"\nserver.errorlog = "/dev/null"',
        'server.modules = ("mod_setenv", "mod_redirect", "mod_access")',
        'index-file.names = ("index.html")',
        f'server.errorfile-prefix = "{site}/"',
        'url.access-deny = ("/_headers", "/_redirects")',
        "mimetype.assign = (",
        *(f'".{ending}" => "{kind}{_charset(kind)}",' for kind, endings in TYPES.items() for ending in endings.split()),
        '"" => "application/octet-stream")',
    ]
    for rule in rules:
        found = headers_of(rules, sample(rule.pattern))
        pairs = ", ".join(f'"{name}" => "{value}"' for name, value in found.items())
        lines.append(
            f'$HTTP["url"] =~ "^{expression(rule.pattern).pattern}$" {{ setenv.set-response-header = ({pairs}) }}'
        )
    moves = ", ".join(
        f'"^{expression(source).pattern}$" => "{target}"'
        for source, target, _ in parse_redirects((site / "_redirects").read_bytes())
    )
    return "\n".join([*lines, f"url.redirect = ({moves})", ""])


def _charset(kind: str) -> str:
    return "; charset=utf-8" if kind.startswith("text/") else ""


@contextmanager
def lighttpd(site: Path, work: Path) -> Iterator[str]:
    program = shutil.which("lighttpd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if program is None:
        pytest.skip("lighttpd is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    file = work / "lighttpd.conf"
    file.write_text(configuration(site, port), "utf-8")
    process = subprocess.Popen([program, "-D", "-f", file], stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.mark.full
def test_an_honest_copy_of_the_sample(sample_site: Build, tmp_path: Path) -> None:
    with lighttpd(sample_site.site, tmp_path) as url:
        found = verify_url(url, Expectations(int(time.time())))
    assert not found.faults, found.faults[:5]
    assert found.checked > 100


def test_an_honest_copy(small: sealed.Project, tmp_path: Path) -> None:
    with lighttpd(small.site, tmp_path) as url:
        found = verify_url(url, Expectations(sealed.ISSUED + 60))
    assert not found.faults, found.faults[:5]
