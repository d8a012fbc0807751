"""The page of a phase that is printed: its reading order whole, on one page, bounded, and without script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from build.workshop import SITE
from loomworks_record.pages import print_page
from loomworks_record.pages.print_page import printed_page
from loomworks_record.record.whole import Whole
from loomworks_record.render.within import Within
from lxml import html
from pages.test_reading import documents_in, halted, pack
from support.site import Build

ON, OWN = "phases/phase-7-x/print.html", "view/phases/phase-7-x/a b-v0_1.md.html"
ANCHORS = {OWN: "d1", "view/notes/b-v0_2.md.html": "d2"}
FITTED = {
    '<h2 id="s1"><a href="#s1">§1</a> T</h2>': '<h3 id="d1-s1"><a href="#d1-s1">§1</a> T</h3>',
    '<h6 id="s2">x</h6>': '<h6 id="d1-s2">x</h6>',
    '<a href="../../notes/b-v0_2.md.html#s3">b</a>': '<a href="#d2-s3">b</a>',
    '<a href="../../notes/b-v0_2.md.html">b</a>': '<a href="#d2">b</a>',
    '<a href="a%20b-v0_1.md.html">self</a>': '<a href="#d1">self</a>',
    '<a href="c-v0_1.md.html#s3">c</a>': '<a href="../../view/phases/phase-7-x/c-v0_1.md.html#s3">c</a>',
    '<a href="../../../phases/phase-7-x/">p</a>': '<a href="./">p</a>',
    '<img src="../../../raw/notes/x.png" alt="x">': '<img src="../../raw/notes/x.png" alt="x">',
    '<a href="https://example.org/#s1" title="h2 &gt; id">o</a>':
        '<a href="https://example.org/#s1" title="h2 &gt; id">o</a>',
    '<a href="mailto:a@example.org">m</a><hr>': '<a href="mailto:a@example.org">m</a><hr>',
    '<div role="region" aria-label="Table 1: A">': '<div role="region" aria-label="d1, Table 1: A">',
    "<p>href=\"#s1\" and id=\"s1\"</p>": "<p>href=\"#s1\" and id=\"s1\"</p>",
}  # fmt: skip


@pytest.mark.parametrize("filed", FITTED)
def test_a_text_is_fitted_to_the_page_that_shows_it_among_others(filed: str) -> None:
    assert Within("d1", OWN, ON, ANCHORS).html(filed) == FITTED[filed]


def test_no_anchor_stands_twice_and_every_link_leads_somewhere(
    sample_site: Build, tally: Callable[[str], None]
) -> None:
    pages = sorted(sample_site.site.glob("phases/*/print.html"))
    links = 0
    for file in pages:
        page = html.fromstring(file.read_bytes())
        address = file.relative_to(sample_site.site).as_posix()
        ids = Counter(page.xpath("//@id"))
        assert [name for name, count in ids.items() if count > 1] == []
        assert page.xpath("//script[@src]") == []
        shown = [f"/view/{path}.html" for path in documents_of(sample_site, address)]
        for href in page.xpath("//main//a/@href"):
            if href.startswith(("http:", "https:", "mailto:")):
                continue
            path, anchor = urldefrag(urljoin(f"/{address}", href))
            links += 1
            if href.startswith("#"):
                assert unquote(anchor) in ids, href
            else:
                target = sample_site.site / unquote(path).lstrip("/")
                assert (target / "index.html").is_file() or target.is_file(), href
        within = [href for href in page.xpath("//article//*[contains(@class, 'm')]/@href") if href[0] != "#"]
        assert [href for href in within if urldefrag(urljoin(f"/{address}", href))[0] in shown] == []
    tally(f"{links} links on {len(pages)} pages to be printed")
    assert len(pages) == 5


def documents_of(site: Build, address: str) -> list[str]:
    """The paths of the pack beside a printed page: both follow one order."""
    return documents_in(site.text(address.replace("print.html", "context.md")))


def test_it_has_the_documents_of_the_pack_in_its_order_and_says_the_same(sample_site: Build) -> None:
    for file in sample_site.site.glob("phases/*/print.html"):
        page = html.fromstring(file.read_bytes())
        address = file.relative_to(sample_site.site).as_posix()
        links = page.xpath("//article/header/p[@class='r-line']/span[1]/text()")
        own = [link.rpartition("/view/")[2].removesuffix(".html") for link in links]
        assert own == [path.replace("archive/", "") for path in documents_of(sample_site, address)]
        pack_top = site_top(sample_site.text(address.replace("print.html", "context.md")))
        said = {dt.text: dt.getnext().text_content() for dt in page.xpath("(//dl)[1]//dt")}
        assert all(said[label] == pack_top[label] for label in ("In force", "Open", "Read next"))


def site_top(text: str) -> dict[str, str]:
    return dict(line[2:].split(": ", 1) for line in text.splitlines()[:15] if line.startswith("- "))


def test_a_page_is_bounded_and_names_what_it_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Whole(halted(2, answered=True))
    (phase,) = whole.record.phases
    every = documents_in(pack(whole, phase, str))
    for most in (0, 400, 100_000):
        monkeypatch.setattr(print_page, "MOST_PRINTED", most)
        page = printed_page(whole, SITE, phase)
        shown = [one.document.address.removeprefix("view/").removesuffix(".html") for one in page.documents]
        assert shown == every[: len(shown)]
        assert sum(whole.record.by_path[path].size for path in shown) <= most
        assert [one.address for one in page.left] == [f"view/{path}.html" for path in every[len(shown) :]]
        assert (len(page.left) == 0) == (most == 100_000)
