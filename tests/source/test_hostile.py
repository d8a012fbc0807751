"""Texts made to take long: reading them costs milliseconds, as any other."""

from __future__ import annotations

import time

import pytest
from loomworks_record.source.document import document_problems, read_document
from loomworks_record.source.kinds import KindTable

SIZE = 300_000
SECONDS = 4  # a quadratic reading of 300 kB takes tens

MARKDOWN = [
    "**a", "**Version.** ", "**a.** b ", "Version. ", "Version: 0.1 ", "Version. 0.1\n", "- **Version.** a\n",
    "Reviewer. a\n\n", "Reviewer. a\n", "#", "# ", "# a\n\n", "---\n", "a: b\n", "[", "(", "\t", "\n", "=\n", "<br>",
    "\\\n", "2026-05-12 ", "Produced 2026-05-12 x\n\n", "1. a\n",
]  # fmt: skip
HTML = [
    "<",
    "<a ",
    "<!--",
    "<script",
    "<style>",
    "<title",
    "<h1",
    "</dt> ",
    "<p>",
    "&",
    "v0.1 ",
    "Version: 0.1 ",
    "a b c d e. ",
]


@pytest.mark.parametrize("before", ["", "# T\n\n**Version.** 0.1 ", "# T\n\nVersion. 0.1\n\n", "---\n"])
@pytest.mark.parametrize("piece", MARKDOWN)
def test_markdown(piece: str, before: str) -> None:
    assert _seconds(before + piece * (SIZE // len(piece)), "a/x-v0_1.md") < SECONDS


@pytest.mark.parametrize("piece", HTML)
def test_html(piece: str) -> None:
    assert _seconds("<!doctype html>" + piece * (SIZE // len(piece)), "a/x-v0_1.html") < SECONDS


def _seconds(text: str, path: str) -> float:
    started = time.process_time()
    document = read_document(path, text.encode(), KindTable())
    list(document_problems(document))
    assert document.declared_status is None or document.body is not None
    return time.process_time() - started
