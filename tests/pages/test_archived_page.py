"""What an archived page says of its standing reaches those who do not see the whole page."""

from __future__ import annotations

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
