"""What an archived page says of its standing reaches those who do not see the whole page."""

from __future__ import annotations

import re

from lxml import html
from support.site import PROJECT, Build


def test_the_text_itself_says_that_it_is_archived(sample_site: Build) -> None:
    """Reader views take the element that holds the paragraphs, and leave out what stands above it, the banner too
    (Readability 0.6.0, Defuddle 0.19.4). So its words are repeated there, where only they show them."""
    folder = next((sample_site.site / "view/phases").glob("phase-57-*"))
    for version in range(1, 5):
        page = html.parse(folder / f"phase-57-cr-marketing-engagement-creation-v0_{version}.md.html").getroot()
        body = page.find_class("r-body")[0]
        if version == 4:
            assert not page.find_class("r-banner") and not page.find_class("r-reader")
            continue
        (banner,) = page.find_class("r-banner")
        said = banner.find("p").text_content()
        assert body[0].get("class") == "r-reader"
        assert body[0].text_content() == f"{said} Go to the current version, v0.4"
    css = (PROJECT / "overrides/assets/record/record.css").read_text("utf-8")
    assert ".r-reader { display: none; }" in css


def test_dates_are_not_in_an_element_that_extractors_drop(sample_site: Build) -> None:
    """See ``render.templates``: what ``<time>`` holds is lost to three programs by which models read pages."""
    pages = list(sample_site.site.rglob("*.html"))
    assert len(pages) > 200
    assert [page for page in pages if "<time" in page.read_text("utf-8") and "raw" not in page.parts] == []
    scripts = (PROJECT / "overrides/assets/record").glob("*.js")
    assert [script.name for script in scripts if '"time"' in script.read_text("utf-8")] == []


def test_what_a_page_keeps_for_its_script_is_true_before(sample_site: Build) -> None:
    """Five of seven programs by which models read pages, and browsers of text, show what is ``hidden``."""
    kept = set()
    for page in sample_site.site.rglob("*.html"):
        if "raw" not in page.parts and b" hidden" in (data := page.read_bytes()):
            kept |= {each.text_content().strip() for each in html.fromstring(data).xpath("//*[@hidden][self::p]")}
    said = {words for words in kept if words.endswith(".")}
    assert len(said) == 2 and all(words.startswith("Where ") for words in said)


def test_words_that_only_a_stylesheet_parts_are_parted_by_a_blank() -> None:
    """Else "3.1" and "Step 0" are "3.1Step 0" to browsers of text, to programs that read pages, and when copied."""
    joined = re.compile(r"</(?:a|b|i|small|span)><(?:a|b|i|small|span)(?=[ >])(?![^>]*aria-hidden)[^>]*>.*")
    files = sorted((PROJECT / "overrides/record").rglob("*.html"))
    found = [match[0] for file in files for match in joined.finditer(file.read_text("utf-8"))]
    assert len(files) > 20 and [line for line in found if "page.new.version" not in line] == []
