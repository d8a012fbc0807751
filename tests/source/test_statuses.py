"""Words of a status: which say that a document does not hold, and which only begin like one."""

from __future__ import annotations

from pathlib import Path

import pytest
from loomworks_record.source.header import parse_header
from loomworks_record.source.known_conventions import known_conventions, read_convention
from loomworks_record.source.statuses import DEFAULT_STATUSES, own_word

DOCS = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"


def means(status: str) -> str | None:
    word = own_word(parse_header(f"# T\n\nStatus: {status}\n\nText.\n"))
    return word and word.means


@pytest.mark.parametrize(
    "status",
    ["Rejected", "rejected on 3 May 2026", "Declined.", "Cancelled by the board", "Canceled", "Expired",
     "Has been revoked",
     "Closed / Withdrawn", "Closed/Rejected", "Closed as declined", "Not accepted", "Historic", "❌ Rejected",
     "**Void**",
     "This RFC was retracted", "Discontinued, see the minutes", "No longer valid"],
)  # fmt: skip
def test_a_status_that_says_that_it_does_not_hold(status: str) -> None:
    assert means(status) == "not-in-force"


@pytest.mark.parametrize(
    "status",
    ["Rejected alternatives are in §4", "Accepted", "Closed", "Deferred", "Expired tokens are refused",
     "Draft, not sent",
     "Proposed", "Voided cheques only", "Under review", "Implementable"],
)  # fmt: skip
def test_a_status_that_says_nothing_of_it(status: str) -> None:
    assert means(status) is None


def test_every_word_is_read_and_in_the_docs() -> None:
    words = " ".join(DOCS.read_text("utf-8").split())
    for row in DEFAULT_STATUSES:
        assert means(f"{row.word.capitalize()}.") == row.means
        assert f"{row.word}," in words or f"{row.word};" in words or f"{row.word}." in words


def test_no_convention_says_again_what_is_a_default() -> None:
    usual = {row.word for row in DEFAULT_STATUSES}
    for name in known_conventions():
        assert not usual & {row["word"] for row in read_convention(name).get("statuses", ())}
