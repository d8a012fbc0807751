"""Chromium as a reader's: what a first visit and a first search cost, and when a search finds what was just written."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Page, TimeoutError, sync_playwright
from realistic import vocabulary

from benchmark.builds import Builds, Figures
from benchmark.hosting import Tally, serving
from benchmark.projects import Projects, generate, largest, make_material, make_record
from benchmark.results import NotMeasured
from benchmark.running import run
from benchmark.tools import MKDOCS, chromium

# No requests of the browser's own, and no sandbox: benchmarks also run as root in containers.
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
_PATIENCE = 60_000  # milliseconds for a page
_ANSWER = 5_000  # and for a search to say something
VISIT_DOCUMENTS, VISIT_BYTES = 24, 60_000
# How frequent the words of a search are: their places in the order of frequency.
_RANKS = ((60,), (1500,), (200, 3000))


@contextmanager
def browsing() -> Iterator[Browser]:
    """A running Chromium with an empty profile. Raises NotMeasured where there is none, or where it fails."""
    program = chromium()
    try:
        with sync_playwright() as playwright:
            running = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
            try:
                yield running
            finally:
                running.close()
    except Error as wrong:
        raise NotMeasured(f"Chromium: {wrong.message.splitlines()[0]}") from None


@contextmanager
def fresh_page(running: Browser, address: str, until: Literal["load", "networkidle"] = "networkidle") -> Iterator[Page]:
    """The page at ``address``, with nothing in the cache; no request leaves this machine."""
    own = urlsplit(address).netloc
    context = running.new_context()
    try:
        page = context.new_page()
        page.route(lambda url: urlsplit(url).netloc not in (own, ""), lambda route: route.abort())
        page.goto(address, wait_until=until, timeout=_PATIENCE)
        yield page
    finally:
        context.close()


def visit(projects: Projects, rounds: int, timeout: float) -> Figures:
    """Bytes and requests to read one document of 60 kB, in the record and in plain Material."""
    generate(projects, VISIT_BYTES)
    make_record(projects.record, projects.filed, timeout)
    make_material(projects.material, projects.filed)
    for folder in (projects.record, projects.material):
        run([*MKDOCS, "build", "--quiet"], folder, timeout)
    path = largest(projects.filed)
    sites = {
        "record": (projects.record / "site", f"view/{path}.html"),
        "material": (projects.material / "site", f"{path.removesuffix('.md')}/"),
    }
    with browsing() as running:
        for _ in range(rounds):
            for name, (site, page) in sites.items():
                tally = Tally()
                with serving(site, tally) as base, fresh_page(running, f"{base}/{page}"):
                    yield f"{name}.visit", tally.bytes
                    yield f"{name}.visit-requests", len(tally.addresses)


def search(builds: Builds) -> Figures:
    """Bytes and requests from an empty browser to the first results: the page, its scripts and parts of the index."""
    builds.need_site()
    with browsing() as running:
        for words in queries(builds.projects.documents):
            tally = Tally()
            with serving(builds.site, tally) as base, fresh_page(running, f"{base}/search/") as page:
                before = tally.bytes
                page.locator("[data-search] input[name=q]").press_sequentially(words, delay=60)
                page.keyboard.press("Enter")
                page.locator("[data-found]:not(:empty)").wait_for(timeout=_PATIENCE)
                page.wait_for_load_state("networkidle")
                yield "record.search", tally.bytes
                yield "record.search-alone", tally.bytes - before
                yield "record.search-requests", len(tally.addresses)


def queries(documents: int) -> list[str]:
    """What people search for in the record: frequent words, seldom ones, and a CR in the middle."""
    words = vocabulary(random.Random(1))
    found = [" ".join(words[rank] for rank in ranks) for ranks in _RANKS]
    return [*found, f"CR-2026-{max(1, documents // 20):03}"]


def wait_until_found(running: Browser, base: str, word: str, seconds: float) -> None:
    """Ask the search for ``word`` again and again until it finds it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        # A preview keeps a request open, to tell the page of changes: the network is never idle.
        with fresh_page(running, f"{base}/search/?q={word}", until="load") as page:
            with suppress(TimeoutError):
                page.locator("[data-found]:not(:empty)").wait_for(timeout=_ANSWER)
            results = page.locator("[data-results]")
            if results.count() and word in results.inner_text().lower():
                return
        time.sleep(0.1)
    raise NotMeasured(f"the search did not find the new word within {seconds:.0f} s")
