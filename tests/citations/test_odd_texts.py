"""Texts that once ended a run: words that are only hyphens before a version, comments with an empty line."""

from __future__ import annotations

import pytest
from loomworks_record.source.document import read_document
from loomworks_record.source.kinds import KindTable
from loomworks_record.text.flatten import flatten_markdown
from loomworks_record.text.mentions.grammar import Grammar
from loomworks_record.text.reading import flats, read_texts, sentences_of

GRAMMAR = Grammar.of()
BROAD = (
    "spec",
    "specification",
    "findings",
    "strategy",
    "investigation",
    "discovery",
    "standing note",
    "brand guide",
    "note",
)
PLACES = (
    "It holds {} today.",
    "- {}",
    "1. Do this {}",
    "| A | B |\n|---|---|\n| {} | x |",
    "**Status.** {} **Date.** 2026-05-12",
    "```text\n// DEFINITION {}\n```",
    "> {}",
    "## {}",
)


def read(text: str) -> None:
    document = read_document("rates-v0_1.md", f"# Rates\n\n{text}\n".encode(), KindTable())
    texts = flats(document)
    reading = read_texts(document, texts, GRAMMAR, KindTable())
    assert sum(len(passage.mentions) for passage in reading.passages) == len(sentences_of(texts, reading.passages))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("hyphens", ["-", "--", "---", "- -"])
def test_hyphens_before_a_broad_kind(place: str, hyphens: str) -> None:
    for kind in BROAD:
        read(place.format(f"{hyphens} {kind} v0.2"))
        read(place.format(f"the rates {hyphens} {kind.capitalize()} v5.0.0"))


@pytest.mark.parametrize(
    "text",
    [
        "Round half up. <!-- to be checked\n\nwith Ada -->",
        "- an item <!-- one\n\ntwo --> goes on",
        "- one <!-- a\n- two --> b",
        "| A | B |\n|---|---|\n| x <!-- a | b --> |",
        "A text <!--\n## Heading\n--> on",
        "> quoted <!-- \n>\n> --> on",
        "**bold <!-- **\n\n--> and** so on",
    ],
)
def test_a_comment_swallows_no_block(text: str) -> None:
    flat = flatten_markdown(text)
    assert len(flat.starts) == len(flat.blocks)
    read(text)
