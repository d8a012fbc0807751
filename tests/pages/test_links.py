"""Every link on the built sample site leads somewhere, to the right place on the page too."""

from __future__ import annotations

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
