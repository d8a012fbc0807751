"""The fixtures that build a site: a real build, from files or from a folder, and one that fails is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support import hosting
from support.chromium import Visit
from support.site import Build, rebuild

NOTE = "# A note\n\n**Version.** 0.{0} **Date.** 2026-05-1{0}\n\nThe text of version {0}.\n"
RECORD = {
    "notes/archive/a-note-v0_1.md": NOTE.format(1),
    "notes/a-note-v0_2.md": NOTE.format(2),
    "notes/picture.bin": b"\x00\xff",
}


def test_a_record_of_files_is_built(build_site: Callable[..., Build]) -> None:
    built = build_site(RECORD)
    assert built.status == 0, built.output
    assert "The text of version 2." in built.text("view/notes/a-note-v0_2.md.html")
    assert (built.site / "raw/notes/picture.bin").read_bytes() == b"\x00\xff"


def test_a_changed_record_is_built_again(build_site: Callable[..., Build]) -> None:
    built = build_site(RECORD)
    (built.content / "notes/a-note-v0_2.md").write_text(NOTE.format(2) + "\nOne more line.\n")
    assert "One more line." in rebuild(built.folder).text("view/notes/a-note-v0_2.md.html")


def test_the_configuration_can_be_changed(build_site: Callable[..., Build]) -> None:
    built = build_site(RECORD, config={"site_name": "Another record"})
    assert "Another record" in built.text("404.html")


def test_a_failed_build_tells_its_status_and_words(build_site: Callable[..., Build]) -> None:
    built = build_site(RECORD, config={"plugins": [{"record": {"colour": "red"}}]})
    assert (built.status, "option 'colour' is not known" in built.output) == (1, True)


def test_the_record_can_be_built_twice_in_one_test(build_site: Callable[..., Build]) -> None:
    assert build_site(RECORD).folder != build_site(RECORD).folder


@pytest.mark.browser
def test_the_sample_record_opens_in_a_browser(sample_site: Build, visit: Callable[..., Visit]) -> None:
    with hosting.serve(sample_site.site) as base:
        seen = visit(f"{base}/documents/")
        assert seen.page.locator("h1").inner_text() == "Documents"
        assert (seen.strangers(), seen.complaints) == ([], [])
