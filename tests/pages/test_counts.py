"""A walk over every page of the sample: a number that is said beside a list is the number of its entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import html
from support.site import Build

Said = Iterator[tuple[str, str, int]]  # the words, the number in them, and how many entries there are


def wrong(page: html.HtmlElement) -> Iterator[tuple[str, int]]:
    """What is said and how many there are, where these differ."""
    return (
        (said, there)
        for of in (folds, registers, citations)
        for said, number, there in of(page)
        if int(number.replace(",", "")) != there
    )


def folds(page: html.HtmlElement) -> Said:
    for summary in page.xpath("//details/summary"):
        said, details = " ".join(summary.text_content().split()), summary.getparent()
        if found := re.fullmatch(r"Show the other (\d+) of (\d+)", said):
            folded, shown = (len(each.xpath("./ol/li | ./blockquote")) for each in (details, details.getparent()))
            yield said, found[1], folded
            yield said, found[2], folded + shown
        elif found := re.fullmatch(r"by ([\d,]+) documents?", said):
            yield said, found[1], len(details.xpath("./ul/li"))
        elif found := re.fullmatch(r"(\d+) that only archived versions define", said):
            yield said, found[1], len(details.xpath(".//tbody/tr"))


def registers(page: html.HtmlElement) -> Said:
    for section in page.xpath("//section[@data-group]"):
        (said,) = section.xpath("./h2/span[@class='n']/text()")
        yield said, said, len(section.xpath("./table/tbody/tr"))


def citations(page: html.HtmlElement) -> Said:
    for section in page.xpath("//section[h2[@id='r-cited-by' or @id='r-not-held']]"):
        (said,) = section.xpath("./h2/small/text()")
        there = len(section.xpath(".//ol[@class='r-cites']/li"))
        yield said, said, there
        links = page.xpath("//p[@class='r-state']//a[@href='#r-cited-by']")
        for link in links if section.xpath("./h2[@id='r-cited-by']") else ():
            yield link.text_content(), link.text_content().removeprefix("cited by "), there


def test_no_number_differs_from_what_is_shown(sample_site: Build, tally: Callable[[str], None]) -> None:
    pages = sorted(sample_site.site.rglob("*.html"))
    found = {
        file.name: differing
        for file in pages
        if file.stat().st_size and (differing := list(wrong(html.fromstring(file.read_bytes()))))
    }
    tally(f"counts on {len(pages)} pages of the sample")
    assert found == {}
    assert len(pages) > 100


def test_the_walk_sees_a_wrong_number() -> None:
    page = "<details><summary>by 3 documents</summary><ul><li>a</li></ul></details>"
    assert list(wrong(html.fromstring(f"<body>{page}</body>"))) == [("by 3 documents", 1)]
