"""A walk over every page of the sample: a number that is said beside a list is the number of its entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from lxml import html
from support.site import Build

Said = Iterator[tuple[str, str, int]]  # the words, the number in them, and how many entries there are


_ENTRIES = "./ul/li | ./ol/li | ./table/tbody/tr | ./div/div[@class='r-phase'] | ./div/div[@class='r-kind']/ul/li"


def wrong(page: html.HtmlElement) -> Iterator[tuple[str, int]]:
    """What is said and how many there are, where these differ."""
    return (
        (said, there)
        for of in (folds, headings, citations)
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


def headings(page: html.HtmlElement) -> Said:
    for section in page.xpath("//section[h2/span[@class='n']]"):
        said = section.xpath("string(h2/span[@class='n'])")
        if events := re.fullmatch(r"(\d+) events?(?:, (\d+) cycles?)?", said):
            yield said, events[1], len(section.xpath(".//ol[@class='r-events']/li"))
            yield said, events[2] or "0", len(section.xpath(".//section[starts-with(@id, 'cycle-')]"))
        else:
            yield said, said.partition(" ")[0], len(section.xpath(_ENTRIES))


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


def test_each_register_has_as_many_rows_as_the_list_of_registers_says(sample_site: Build) -> None:
    def page(address: str) -> html.HtmlElement:
        return html.fromstring(sample_site.text(f"registers/{address}"))

    listed = page("index.html").xpath("//ul[@class='r-reg']/li")
    said = {each.xpath("string(a/@href)"): int(each.xpath("string(span)")) for each in listed}
    rows = "//section[@data-group]/table/tbody/tr | //table[contains(@class, 'r-problems')]/tbody/tr | //main//ol/li"
    assert len(said) > 8
    assert {
        address: len(page(f"{address.removesuffix('index.html')}index.html").xpath(rows)) for address in said
    } == said


@pytest.mark.parametrize("phases", [12, 13])
def test_the_way_to_many_phases_of_a_register_is_folded(build_site: Callable[..., Build], phases: int) -> None:
    text = "# A\n\n**Version.** 0.1\n\n## 1. Gates\n\n| Gate | Text |\n|---|---|\n| 1 | It is met |\n"
    built = build_site({f"phases/phase-{n}/phase-{n}-cr-a-v0_1.md": text for n in range(1, phases + 1)})
    page = html.fromstring(built.text("registers/gates/index.html"))
    assert len(page.xpath("//nav[@class='r-jumps']//li")) == phases
    folds = page.xpath("//nav[@class='r-jumps']/details/summary")
    assert [fold.text_content() for fold in folds] == (["Go to a phase (13)"] if phases == 13 else [])


def test_what_moved_is_counted_alike_at_home_and_in_its_register(sample_site: Build) -> None:
    register = html.fromstring(sample_site.text("registers/moved/index.html"))
    said = re.search(r"(\d+) current documents rely on .* in (\d+) places; (\d+) of them", register.text_content())
    rows = register.xpath("//ol[@class='r-cites']/li")
    waiting = {row.xpath("string(.//a/@href)") for row in rows if "phase is closed" not in row.text_content()}
    home = html.fromstring(sample_site.text("index.html")).text_content()
    assert said and [int(number) for number in said.groups()] == [
        len({row.xpath("string(.//a/@href)") for row in rows}), len(rows), len(waiting)
    ]  # fmt: skip
    assert f"{said[3]} current documents rely on" in home


def test_the_walk_sees_a_wrong_number() -> None:
    page = "<details><summary>by 3 documents</summary><ul><li>a</li></ul></details>"
    assert list(wrong(html.fromstring(f"<body>{page}</body>"))) == [("by 3 documents", 1)]
