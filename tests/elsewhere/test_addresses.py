"""A published address is answered for ever: filing, withdrawing and renaming take none away."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from support import hosting, nginx, site

PHASE = "phases/phase-57-marketing-engagement-creation"
REQUEST = f"{PHASE}/phase-57-cr-marketing-engagement-creation"
NOTE = "investigations/loomworks-agent-fabric-investigation-v0_1.md"
RENAMED = "investigations/loomworks-fabric-of-agents-v0_1.md"
WITHDRAWN = "current-status/archive/current-status-manifest-v0_41.md"
ORIGIN = "https://record.example.org/"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``record ARGUMENTS`` in ``folder``."""
    command = [sys.executable, "-c", "from loomworks_record.cli.main import main; main()", *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False
    )


@dataclass
class History:
    """A record that was published several times; ``known``: every address that any release gave anybody."""

    folder: Path
    known: set[str] = field(default_factory=set)
    releases: int = 0

    @property
    def current(self) -> Path:
        return self.folder / "www/current"

    def publish(self) -> subprocess.CompletedProcess[str]:
        done = run(self.folder, "publish", "www")
        if done.returncode == 0:
            self.releases += 1
            self.known |= set(given(self.current.resolve()))
        return done

    def file(self, path: str, number: int) -> None:
        """File the next version of a chain: the text of the one before, with a sentence more."""
        found = re.fullmatch(r"(.*-v0_)(\d+)(\.\w+)", path)
        assert found
        old, new = int(found[2]), int(found[2]) + number
        text = (self.folder / "content" / path).read_text("utf-8")
        text = re.sub(rf"(\bv?0\.){old}\b", rf"\g<1>{new}", text, count=1) + f"\nFiled as number {number}.\n"
        coming = self.folder / Path(f"{found[1]}{new}{found[3]}").name
        coming.write_text(text, "utf-8")
        done = run(self.folder, "file", coming.name, "--yes")
        assert done.returncode == 0, done.stdout + done.stderr


def given(release: Path) -> Iterator[str]:
    """Every address that a release gives a reader or a program, as paths of the site."""
    for line in (release / "integrity/addresses.txt").read_text("utf-8").splitlines():
        yield line.split(" ")[0]
    texts = [release / "sitemap.xml", *release.rglob("*.atom"), *release.rglob("*.link"), release / "llms.txt"]
    for file in (*texts, *release.rglob("context.md")):
        for found in re.findall(re.escape(ORIGIN.rstrip("/")) + r"(/[^\s<>\"')#]*)", file.read_text("utf-8")):
            yield unescape(found)
    for document in json.loads((release / "api/record.json").read_text("utf-8"))["documents"]:
        yield from (document["url"], document["raw_url"])
    for page in (release / "view").rglob("*.html"):
        cited = re.search(
            r'data-copy="the citation">[^<]*?' + re.escape(ORIGIN.rstrip("/")) + r"(/[^<\s]*)<", page.read_text("utf-8")
        )
        if cited:
            yield unescape(cited[1])


def answers(base: str, address: str) -> str:
    """ "" where the address is answered, by itself or over redirects and pages that move; else why not."""
    for _ in range(6):
        parts = urlsplit(urljoin(base, address))
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status in (301, 302, 307, 308):
            address = urljoin(parts.path, answer.headers["Location"])
            continue
        moved = (
            re.search(rb'<meta http-equiv="refresh" content="0; url=([^"]*)">', body) if answer.status == 200 else None
        )
        if moved is None:
            return "" if answer.status == 200 else f"{answer.status} at {address}"
        address = urljoin(parts.path, unescape(moved[1].decode()))
    return f"moves on and on to {address}"


@contextmanager
def served(kind: str, release: Path, work: Path) -> Iterator[str]:
    if kind == "nginx":
        with nginx.serve(release, work / "nginx", include=release / "integrity/nginx.conf") as base:
            yield base
    else:
        with hosting.serve(release, like_pages=kind == "like_pages") as base:
            yield base


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """The sample, published; then three new versions, a withdrawal and a rename, each published."""
    folder = tmp_path_factory.mktemp("addresses") / "project"
    record = {"origin": "record.example.org", "search": False}
    site.write_project(site.PROJECT / "content", folder, config={"plugins": [{"record": record}], "site_url": ORIGIN})
    (folder / "record.log.jsonl").write_bytes((site.PROJECT / "record.log.jsonl").read_bytes())
    made = History(folder)
    assert made.publish().returncode == 0
    for path, number in ((f"{REQUEST}-v0_4.md", 1), (f"{REQUEST}-v0_5.md", 1), (f"{REQUEST}-v0_6.md", 1)):
        made.file(path, number)
        done = made.publish()
        assert done.returncode == 0, done.stderr
    assert run(folder, "withdraw", WITHDRAWN, "--reason", "held an address", "--yes").returncode == 0
    done = made.publish()
    assert done.returncode == 0, done.stderr
    return made


def test_what_was_renamed_is_refused_until_it_leads_on(history: History) -> None:
    (history.folder / "content" / NOTE).rename(history.folder / "content" / RENAMED)
    refused = history.publish()
    assert refused.returncode == 1
    line = f"/view/{NOTE}.html: /view/{RENAMED}.html"
    assert "address-gone: /" in refused.stderr and f"'{line}'" in refused.stderr, refused.stderr
    configuration = history.folder / "mkdocs.yml"
    declared = f"search: false\n    redirects:\n      {line}\n"
    configuration.write_text(configuration.read_text("utf-8").replace("search: false\n", declared), "utf-8")
    done = history.publish()
    assert done.returncode == 0, done.stderr


@pytest.mark.server
@pytest.mark.parametrize("kind", ["plain", "like_pages", "nginx"])
def test_every_address_of_every_release_is_answered(kind: str, history: History, tmp_path: Path) -> None:
    assert history.releases == 6 and len(history.known) > 350
    withdrawn = {f"/raw/{WITHDRAWN}", f"/raw/{WITHDRAWN.replace('archive/', '')}"}
    with served(kind, history.current.resolve(), tmp_path) as base:
        gone = {address: why for address in sorted(history.known) if (why := answers(base, address))}
    if kind != "like_pages":  # there they are redirects to themselves without .html, on the other servers nothing
        gone = {address: why for address, why in gone.items() if f"{address}.html" not in history.known}
    assert gone.keys() == withdrawn, gone


def test_the_bytes_are_the_same_at_both_addresses(history: History) -> None:
    raw = history.current.resolve() / "raw"
    held = [path for path in history.known if path.startswith("/raw/") and "/archive/" in path]
    assert len(held) > 15
    for path in held:
        archived, public = (raw / at.removeprefix("/raw/") for at in (path, path.replace("archive/", "")))
        assert archived.is_file() == public.is_file()
        assert not archived.is_file() or archived.read_bytes() == public.read_bytes()


def test_verify_compares_with_what_was_accepted(history: History, tmp_path: Path) -> None:
    accepted, release = history.current.resolve() / "integrity", history.current.resolve()
    assert run(history.folder, "verify", str(release), "--last", str(accepted / "stamp.json")).returncode == 0
    (tmp_path / "stamp.json").write_bytes((accepted / "stamp.json").read_bytes())
    listed = (accepted / "addresses.txt").read_text("utf-8") + "/view/zz/gone-v0_1.md.html\n"
    (tmp_path / "addresses.txt").write_text(listed, "utf-8")
    done = run(history.folder, "verify", str(release), "--last", str(tmp_path / "stamp.json"))
    assert done.returncode == 1
    assert done.stderr.startswith("address-gone: /view/zz/gone-v0_1.md.html: was published before")


def test_what_was_withdrawn_is_still_told_of(history: History) -> None:
    release = history.current.resolve()
    public = WITHDRAWN.replace("archive/", "")
    listed = "".join(page.read_text("utf-8") for page in (release / "documents").rglob("index.html"))
    row = next(part for part in listed.split("<tr>") if WITHDRAWN in part)
    assert ">Withdrawn</span>" in row and ">v0.41<" in row
    versions = (release / "history/current-status/current-status-manifest.html").read_text("utf-8")
    assert "Withdrawn: held an address" in versions and "1 withdrawn; v0.42 is current" in versions
    page = (release / f"view/{public}.html").read_text("utf-8")
    assert '<h1 class="r-title">Current status manifest v0.41</h1>' in page and "12 May 2026" in page
    assert "Go to the current version, Current status manifest v0.42" in page and 'aria-label="Breadcrumb"' in page
    # What held before it did not hold in its time, and it is not there to be shown.
    on = run(history.folder, "list", "--on", "2026-05-12").stdout
    assert "current-status-manifest" not in on and "deferred-work-v0_11.md" in on
