"""Two built sites behind a server that gives them the headers of the published one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Route
from support import chromium, hosting, site

from browser.corners import CONFIG, CONTENT
from browser.kinds import Kind

Open = Callable[..., chromium.Visit]

# The freshness line is filled in last of what every page does by script; lists and searches show their form then.
_READY = """
() => {
  const wanted = ["form[data-columns]", "[data-search]", "[data-asked]"].map(each => document.querySelector(each));
  const found = document.querySelector("[data-found]");
  const listed = document.querySelector("[data-results]"), nothing = document.querySelector("[data-nothing]");
  return (document.querySelector("[data-fresh] .mark") || !document.querySelector("script[src]"))
    && wanted.every(each => !each || !each.hidden)
    && (!found || !location.search.includes("q=")
        || (found.textContent !== "" && (listed.children.length > 0 || !nothing.hidden)));
}
"""


@pytest.fixture(scope="session")
def corner_site(tmp_path_factory: pytest.TempPathFactory) -> site.Build:
    """A record of corner cases, one document of it withdrawn."""
    folder = tmp_path_factory.mktemp("corners") / "project"
    site.write_project(CONTENT, folder, config=CONFIG)
    for command in (["log"], ["withdraw", "notes/archive/secret-v0_1.md", "--reason", "It held an address."]):
        record = [sys.executable, "-m", "loomworks_record.cli.main", *command, "--yes"]
        done = subprocess.run(record, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    built = site.rebuild(folder)
    assert built.status == 0, built.output
    return built


@pytest.fixture(scope="session")
def sample(sample_site: site.Build) -> Iterator[str]:
    """The address of the sample record."""
    with hosting.serve(sample_site.site, like_pages=True) as address:
        yield address


@pytest.fixture(scope="session")
def corners(corner_site: site.Build) -> Iterator[str]:
    """The address of the record of corner cases."""
    with hosting.serve(corner_site.site, like_pages=True) as address:
        yield address


@pytest.fixture
def look(visit: Open) -> Open:
    """``look(url, **options)``: the page in a browser, its scripts done; see ``chromium.visit``."""

    def opened(url: str, **options: object) -> chromium.Visit:
        found = visit(url, **options)
        if options.get("javascript", True):
            found.page.wait_for_function(_READY)
        return found

    return opened


@pytest.fixture
def look_at(sample: str, corners: str, look: Open) -> Open:
    """``look_at(kind, **options)``: a page of that kind. One that leads on stays where it is."""

    def opened(kind: Kind, **options: object) -> chromium.Visit:
        base = sample if kind.site == "sample" else corners
        if kind.template != "move":
            found = look(base + kind.address, **options)
            if kind.template == "not-found":  # what is near the address is looked up last
                found.page.get_by_role("region", name="Near this address").wait_for()
            return found
        found = look(f"{base}/phases/", **options)
        found.page.route("**/latest/**", _without_refresh)
        found.page.goto(base + kind.address)
        found.page.wait_for_function(_READY)
        return found

    return opened


def _without_refresh(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('http-equiv="refresh"', 'name="led-on"'))
