"""The HTML of every page: no parse error, no double id, no reference to nothing; with --full, the Nu validator too."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from lxml import html
from support import programs, site

_REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list")


def pages(folder: Path) -> list[Path]:
    """Every page that we make: not the filed HTML documents, not what the search engine brings."""
    found = sorted(folder.rglob("*.html"))
    return [page for page in found if page.relative_to(folder).parts[0] not in ("raw", "pagefind")]


def parse_errors(text: str) -> Iterator[str]:
    """Where the parser of the HTML standard (§13.2) would have to correct the page."""
    parser = html5lib.HTMLParser()
    parser.parse(text)
    for (line, column), code, values in parser.errors:
        yield f"line {line}, column {column}: {code} {values}"


def structure_faults(text: str) -> Iterator[str]:
    """What every page owes to itself."""
    root = html.fromstring(text)
    counted = Counter(root.xpath("//@id"))
    yield from (f"id {name!r} stands {times} times" for name, times in counted.items() if times > 1)
    for attribute in _REFERENCES:
        for value in root.xpath(f"//@{attribute}"):
            yield from (f"{attribute} names {name!r}: no such id" for name in value.split() if name not in counted)
    yield from (f"an image without alt: {html.tostring(image)!r}" for image in root.xpath("//img[not(@alt)]"))
    inner = "//a//a | //a//button | //button//a | //summary//a | //label//label"
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


@pytest.mark.parametrize("record", ["sample_site", "corner_site"])
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
@pytest.mark.parametrize("record", ["sample_site", "corner_site"])
def test_the_nu_validator_finds_no_error(record: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """vnu, of the HTML checker at validator.w3.org/nu: content models, attributes, ARIA."""
    java = programs.need("java", package="default-jre-headless")
    npm = programs.need("npm", package="npm")
    command = [
        npm,
        "install",
        "--silent",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefix",
        str(tmp_path),
        "vnu-jar",
    ]
    installed = subprocess.run(command, capture_output=True, text=True)
    if installed.returncode != 0:
        pytest.skip(f"npm could not fetch vnu-jar: {installed.stderr.strip().splitlines()[-1:]}")
    built: site.Build = request.getfixturevalue(record)
    jar = tmp_path / "node_modules/vnu-jar/build/dist/vnu.jar"
    names = [str(page) for page in pages(built.site)]
    checked = subprocess.run([java, "-jar", str(jar), "--errors-only", *names], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr.replace(str(built.site), "")) == (0, "")
