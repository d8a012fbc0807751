"""Hostile documents stay inert: nothing runs, nothing is asked, nothing reaches out of its place.

Each is shown twice: from a host that sends no headers at all, where only what we wrote protects the reader, and from
one that sends ours, where there must be nothing left for the policy to hold back (that in the long run).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from support import hosting, site

from hostile import documents
from hostile.watch import Watch, watch

BODIES = [path for path, _ in documents.body_documents()]
HEADERS = [path for path, _ in documents.header_documents()]
FRAMED = [path for path, _ in documents.html_documents()]


@pytest.fixture(scope="module", params=["bare", pytest.param("headers", marks=pytest.mark.full)])
def host(request: pytest.FixtureRequest, hostile_site: site.Build) -> Iterator[str]:
    """The address of the site on a host without any headers, and on one with ours."""
    with hosting.serve(hostile_site.site, like_pages=request.param == "headers") as address:
        yield address


@pytest.fixture(scope="module")
def protected(hostile_site: site.Build) -> Iterator[str]:
    with hosting.serve(hostile_site.site, like_pages=True) as address:
        yield address


@pytest.fixture(scope="module")
def watching(running_chromium: Browser) -> Iterator[Watch]:
    with watch(running_chromium) as seen:
        yield seen


def test_there_are_a_hundred() -> None:
    assert len(BODIES) == 100
    assert len(set(BODIES)) == 100


def test_the_canary_sings(running_chromium: Browser, tmp_path: Path) -> None:
    """What is looked for would be seen: the same payloads, written to a page as they are."""
    raw = [text for _, text in documents.body_documents()]
    (tmp_path / "bare.html").write_bytes("\n".join(raw[:60]).encode("utf-8", "replace"))
    # On a page of its own: these payloads do lead away, and would still do so while the next document is opened.
    with hosting.serve(tmp_path) as address, watch(running_chromium) as seen:
        seen.look(f"{address}/bare.html")
        assert any(alarm.startswith("ran:") for alarm in seen.alarms())
        assert any(alarm.startswith("asked: https://canary.example") for alarm in seen.alarms())


@pytest.fixture(scope="module")
def untouched(host: str, watching: Watch) -> dict[str, Any]:
    """The page around a body that means no harm."""
    watching.look(f"{host}/view/{documents.BENIGN}.html")
    return watching.around()


@pytest.mark.parametrize("path", BODIES)
def test_a_body_stays_in_its_place(host: str, watching: Watch, untouched: dict[str, Any], path: str) -> None:
    watching.look(f"{host}/view/{path}.html")
    assert watching.alarms() == []
    assert watching.faults() == []
    assert watching.around() == untouched


@pytest.mark.parametrize("path", HEADERS)
def test_titles_and_facts_are_text(host: str, watching: Watch, path: str) -> None:
    watching.look(f"{host}/view/{path.replace('/archive/', '/')}.html")  # the other address moves there
    assert watching.alarms() == []
    assert watching.faults() == []


@pytest.mark.parametrize("path", FRAMED)
def test_html_documents_can_do_nothing_in_their_frame(protected: str, watching: Watch, path: str) -> None:
    watching.look(f"{protected}/view/{path}.html")
    watching.page.locator("iframe").scroll_into_view_if_needed()
    expect(watching.page.frame_locator("iframe").locator("h1")).to_have_text(f"Hostile {Path(path).stem[:-5]}")
    stopped = [alarm for alarm in watching.alarms() if not _held_back(alarm)]
    assert stopped == []
    assert watching.page.url.startswith(f"{protected}/view/")


@pytest.mark.parametrize("path", FRAMED)
def test_html_documents_can_do_nothing_by_themselves(protected: str, watching: Watch, path: str) -> None:
    watching.look(f"{protected}/raw/{path}")
    assert [alarm for alarm in watching.alarms() if not _held_back(alarm)] == []
    assert watching.page.url.startswith(f"{protected}/raw/")


def _held_back(alarm: str) -> bool:
    """The console tells what the policy of raw documents holds back; a request that it stopped is none."""
    return alarm.startswith("console:") and any(
        word in alarm for word in ("Content Security Policy", "sandboxed", "Blocked script execution", "autofocus")
    )


PAGES = [
    "/",
    "/documents/",
    "/documents/?per=100&sort=oldest",
    "/documents/?text=title",
    "/search/?q=hostile",
    "/search/?q=onerror",
    "/phases/",
    "/phases/phase-66-headers/",
    "/phase-66-handler-img-v9_9",
    "/integrity/",
]


@pytest.mark.parametrize("address", PAGES)
def test_lists_tell_hostile_titles_as_text(protected: str, watching: Watch, address: str) -> None:
    watching.look(protected + address)
    watching.page.wait_for_load_state("networkidle")
    assert watching.alarms() == []
    assert watching.page.evaluate("() => document.querySelectorAll('main :is(img, iframe, script, style)').length") == 0
    assert watching.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", [path for path in HEADERS if "archive/" not in path])
def test_histories_and_comparisons_are_inert(
    hostile_site: site.Build, protected: str, watching: Watch, path: str
) -> None:
    chain = path.rpartition("-v")[0]
    for address in (f"/history/{chain}.html", f"/latest/{chain}.html", f"/compare/{chain}-v0_1-to-v0_2.html"):
        if address.startswith("/compare") and not (hostile_site.site / address[1:]).exists():
            continue
        watching.look(protected + address)
        if address.startswith("/latest"):
            watching.page.wait_for_url("**/view/**")
        assert watching.alarms() == [], address
        assert watching.page.evaluate("() => document.body.scrollWidth <= innerWidth"), address


@pytest.mark.full
@pytest.mark.parametrize("width", [390, 600, 961])
def test_bodies_stay_in_their_place_at_other_widths(running_chromium: Browser, protected: str, width: int) -> None:
    with watch(running_chromium, width=width) as seen:
        for path in BODIES:
            seen.look(f"{protected}/view/{path}.html")
            assert (seen.alarms(), seen.faults()) == ([], []), path
