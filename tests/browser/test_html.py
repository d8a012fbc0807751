"""The HTML of every page: no parse error, no double id, no reference to nothing; with --full, the Nu validator too."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import html5lib
import pytest
from lxml import html
from support import programs, site, strangers

_REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list")


def pages(folder: Path) -> list[Path]:
    """Every page that we make: not the filed HTML documents, not what the search engine brings."""
    found = sorted(folder.rglob("*.html"))
    return [page for page in found if page.relative_to(folder).parts[0] not in ("raw", "pagefind")]


def parse_errors(text: str) -> Iterator[str]:
    """Where the parser of the HTML standard (§13.2) would have to correct the page, and what its tree may not hold."""
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False)
    root = parser.parse(text).getroot()
    for (line, column), code, values in parser.errors:
        yield f"line {line}, column {column}: {code} {values}"
    for said, inner in _MISPLACED.items():
        yield from (f"{said}: {html.tostring(each)[:120]!r}" for each in root.xpath(inner))
    for each in root.xpath("//@href | //@src"):
        if _NOT_IN_URLS.search(each) or not each:
            yield f"not a URL: {each!r}"
    levels = [int(heading.tag[1]) for heading in root.xpath(f"//*[{_any('h1 h2 h3 h4 h5 h6')}]")]
    yield from (f"h{one} follows h{before}" for before, one in pairwise([0, *levels]) if one > before + 1)
    if root.xpath("//*[count(ancestor::*) > 300]"):
        yield "elements nest deeper than browsers read"


def _any(tags: str) -> str:
    return " or ".join(f"self::{tag}" for tag in tags.split())


# Elements of a document, by where they may not stand (HTML standard, §4).
_IN_LINES = _any("p h1 h2 h3 h4 h5 h6 pre span b strong em i code small sub sup u s q cite kbd mark caption")
_BLOCKS = _any("p div ul ol li dl table section blockquote details figure hr pre h1 h2 h3 h4 h5 h6")
_MISPLACED = {
    "a block in a line": f"//*[{_IN_LINES}]/*[{_BLOCKS}]",
    "a control in a link": "//a//*[self::a or self::input or self::details or @tabindex]",
    "an item outside a list": "//li[not(parent::ul or parent::ol)] | //dt[not(ancestor::dl)] | //dd[not(ancestor::dl)]",
    "something else in a list": "//*[self::ul or self::ol][*[not(self::li)] or text()[normalize-space()]]",
    "details without a summary": "//details[not(*[1][self::summary])] | //summary[not(parent::details)]",
    "an empty row": "//tr[not(td or th)]",
    "a heading in a heading cell": f"//th//*[{_any('h1 h2 h3 h4 h5 h6')}]",
}
_NOT_IN_URLS = re.compile(r"""[\s<>"`{}|\\^]|%(?![0-9A-Fa-f]{2})""")


def structure_faults(text: str) -> Iterator[str]:
    """What every page owes to itself."""
    root = html.fromstring(text)
    counted = Counter(root.xpath("//@id"))
    yield from (f"id {name!r} stands {times} times" for name, times in counted.items() if times > 1)
    for attribute in _REFERENCES:
        for value in root.xpath(f"//@{attribute}"):
            yield from (f"{attribute} names {name!r}: no such id" for name in value.split() if name not in counted)
    yield from (f"an image without alt: {html.tostring(image)!r}" for image in root.xpath("//img[not(@alt)]"))
    inner = "//a//button | //button//a | //summary//a | //label//label"
    yield from (f"an element to press in another: {html.tostring(each)[:120]!r}" for each in root.xpath(inner))
    yield from (f"a control without a name: {html.tostring(each)[:120]!r}" for each in _nameless(root))
    if len(root.xpath("//h1")) != 1:
        yield f"{len(root.xpath('//h1'))} headings of level 1"


def _nameless(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    labelled = set(root.xpath("//label/@for"))
    for control in root.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        named = control.get("aria-label") or control.get("aria-labelledby") or control.xpath("ancestor::label")
        if not named and control.get("id") not in labelled:
            yield control


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("<p><div>x</div></p>", "unexpected-end-tag"),
        ("<a href=a><a href=b>x</a></a>", "start-tag-implies-end-tag"),
        ("<p id=a id=b>x", "duplicate-attribute"),
        ("<h2>x<div>y</div></h2>", "a block in a line"),
        ("<a href=b><table><tr><td><a href=c>x</a></table></a>", "a control in a link"),
        ("<img src='' alt=x>", "not a URL"),
        ("<a href='https://a.example/<b>'>x</a>", "not a URL"),
        ("<ul>x</ul>", "something else in a list"),
        ("<h1>x</h1><h3>y</h3>", "h3 follows h1"),
        ("<i>" * 301, "deeper"),
    ],
)
def test_the_parser_finds_errors(wrong: str, said: str) -> None:
    assert said in " ".join(parse_errors(f"<!doctype html><title>x</title>{wrong}"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("<p id=a>x<p id=a>y", "id 'a' stands 2 times"),
        ("<label for=b>x</label>", "no such id"),
        ("<img src=x>", "without alt"),
        ("<input name=x>", "a control without a name"),
        ("<h1>y</h1>", "2 headings"),
    ],
)
def test_the_structure_is_looked_at(wrong: str, said: str) -> None:
    text = "<!doctype html><html lang=en><title>x</title><h1>x</h1>{}"
    assert list(structure_faults(text.format(""))) == []
    assert said in " ".join(structure_faults(text.format(wrong)))


@pytest.mark.parametrize("record", ["sample_site", "corner_site", "hostile_site"])
def test_every_page_is_in_order(record: str, request: pytest.FixtureRequest) -> None:
    built: site.Build = request.getfixturevalue(record)
    found, faults = pages(built.site), []
    for page in found:
        text = page.read_text("utf-8")
        said = [*parse_errors(text), *structure_faults(text)]
        faults += [f"{page.relative_to(built.site)}: {fault}" for fault in said]
    assert len(found) > 15
    assert faults == []


@pytest.mark.full
@pytest.mark.parametrize("record", ["sample_site", "corner_site", "hostile_site"])
def test_the_nu_validator_finds_no_error(record: str, request: pytest.FixtureRequest) -> None:
    """vnu, of the HTML checker at validator.w3.org/nu: content models, attributes, ARIA."""
    java = programs.need("java", package="default-jre-headless")
    built: site.Build = request.getfixturevalue(record)
    jar = strangers.node_modules("vnu-jar@26.9.27") / "vnu-jar/build/dist/vnu.jar"
    names = [str(page) for page in pages(built.site)]
    checked = subprocess.run([java, "-jar", str(jar), "--errors-only", *names], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr.replace(str(built.site), "")) == (0, "")
