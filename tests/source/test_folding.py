"""What nobody sees is folded where things are recognised; what was filed keeps its places."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.source.dates import first_date
from loomworks_record.source.document import read_document
from loomworks_record.source.folding import fold, fold_markdown, folded
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.version import Version, parse_version

SIGNS = "\u2010\u2011\u00a0\u202f\u2007\u00ad\u200b\u2060"


@given(st.text(st.sampled_from("ab-. §" + SIGNS), max_size=30))
def test_each_character_has_its_place(text: str) -> None:
    seen = folded(text)
    assert seen.text == fold(text)
    assert not set(seen.text) & set(SIGNS)
    assert len(seen.places) == len(seen.text) + 1
    assert list(seen.places) == sorted(set(seen.places))
    assert seen.places[-1] == len(text)
    for start in range(len(seen.text)):
        assert fold(seen.as_filed(start, start + 1)) == seen.text[start]
        assert fold(seen.as_filed(start)) == seen.text[start:]


@given(st.text(max_size=40))
def test_what_has_no_such_sign_stays_itself(text: str) -> None:
    plain = re.sub(f"[{SIGNS}]", "", text)
    assert folded(plain).text is plain


@pytest.mark.parametrize(
    ("filed", "meant"),
    [
        ("CR\u20112026\u2011090", "CR-2026-090"),
        ("cr\u00ad-rooms-v0_\u200b1.md", "cr-rooms-v0_1.md"),
        ("v0\\_2", "v0_2"),
        ("CR\\-2026\\-090", "CR-2026-090"),
        ("§\u202f7.2", "§ 7.2"),
        ("C:\\new", "C:\\new"),
    ],
)
def test_of_markdown(filed: str, meant: str) -> None:
    assert fold_markdown(filed) == meant


def test_header_values_are_read_through_them() -> None:
    assert parse_version("0\\.2") == parse_version("v0\u2060.2") == Version(0, 2)
    assert first_date("2026\u201105\u201112") == first_date("12\u00a0May 2026") == date(2026, 5, 12)
    text = "# Rooms\n\n**CR\u00a0number.** CR\u20112026\u2011090 **Version.** 0\\.2 **Date.** 2026\\-05\\-12\n"
    document = read_document("cr-rooms-v0_2.md", text.encode(), KindTable())
    assert (document.cr_number, document.date) == ("CR-2026-090", date(2026, 5, 12))
    assert document.header.first("cr_number") == "CR\u20112026\u2011090"  # shown as it was filed
