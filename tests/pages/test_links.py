"""Every link on the built sample site leads somewhere, to the right place on the page too."""

from __future__ import annotations

import re

from lxml import html
from support.crawl import addresses_in, crawl
from support.site import Build


def test_every_link_of_the_sample_site_resolves(sample_site: Build) -> None:
    crawled = crawl(sample_site.site)
    assert crawled.pages > 150
    assert crawled.links > 5_000
    assert crawled.anchors > 500
    assert not crawled.broken, "\n".join(map(str, crawled.broken[:40]))


def test_every_address_that_machines_are_given_exists(sample_site: Build) -> None:
    addresses = list(addresses_in(sample_site.site))
    assert len(addresses) > 100
    assert [address for address in addresses if not (sample_site.site / address).is_file()] == []


def test_a_timemap_is_read_by_what_reads_link_headers(sample_site: Build) -> None:
    """requests.utils.parse_header_links parts links at a comma and blanks, and a line's end is neither."""
    maps = list((sample_site.site / "timemap").rglob("*.link"))
    assert len(maps) > 30
    for each in maps:
        links = re.split(", *<", text := each.read_text("utf-8"))
        assert text.count("\n") == 1 and text.endswith("\n")
        assert len(links) == text.count(";rel=") and "original" in links[0] and "version-history" in links[2]


def test_what_answered_a_halt_is_one_press_away(sample_site: Build) -> None:
    phase = "phases/phase-57-marketing-engagement-creation"
    for page in ("registers/halts/index.html", f"{phase}/index.html"):
        links = html.fromstring(sample_site.text(page)).xpath("//a[starts-with(., 'Halt answered by v')]")
        words = [(link.text_content()[-4:], str(link.get("href")).rpartition("-")[2]) for link in links]
        assert sorted(words) == [(f"v0.{n}", f"v0_{n}.md.html") for n in (2, 3, 4)], page
