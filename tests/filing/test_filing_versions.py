"""Places that still name the version before: their families, and changes of exactly the bytes approved."""

from __future__ import annotations

import codecs

import pytest
from filing_support import document, page
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.filing.versions import CHANGEABLE, VersionMention, changed, version_places
from loomworks_record.source.document import read_document
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.version import parse_version

KINDS = KindTable()
NAME = "phase-7-cr-lamp-v0_4.md"


def places(text: str | bytes, name: str = NAME, before: str = "0.3") -> tuple[VersionMention, ...]:
    data = text if isinstance(text, bytes) else text.encode()
    version = parse_version(before)
    assert version is not None
    return version_places(read_document(f"phases/phase-7/{name}", data, KINDS), version, KINDS)


def keys(text: str | bytes, name: str = NAME, before: str = "0.3") -> list[str]:
    return [place.key for place in places(text, name, before)]


def in_body(sentence: str) -> list[str]:
    return [place.family for place in places(document("0.4", body=f"{sentence}\n\nThe end."))]


def in_footer(line: str) -> list[str]:
    return [place.family for place in places(document("0.4", body=f"Words.\n\n{line}"))]


@pytest.mark.parametrize(
    ("sentence", "families"),
    [
        ("It supersedes v0.3.", ["transition"]),
        ("Superseding *v0.3*, it stands alone.", ["transition"]),
        ("v0.3 is superseded.", ["transition"]),
        ("What changed since v0.3", ["transition"]),
        ("It goes from v0.3 to v0.4.", ["transition"]),
        ("Added at v0.3: a lamp.", ["transition"]),
        ("v0.3 → v0.4", ["arrow"]),
        ("`v0.2` -> `v0.3`", ["arrow"]),
        ("Step 2 of CR v0.3 halted.", ["cross-reference"]),
        ("As v0.3 said, there is a lamp.", ["cross-reference"]),
        ("Version 0.3 had no wick.", ["cross-reference"]),
        ("See phase-7-cr-lamp-v0_3.md for it.", ["cross-reference"]),
        ("See `loomworks-phase-7-cr-lamp-v0_3`.", ["cross-reference"]),
        ("Phase 7 CR v0.3 §2", ["cross-reference"]),
        # Other documents, and numbers that are no version of this one.
        ("See phase-7-scoping-note-v0_3.md for it.", []),
        ("Scoping note v0.3 settled it.", []),
        ("manifest v0.3 counts it", []),
        ("Phase 8 CR v0.3 is another one.", []),
        ("The lamp burns 0.3 litres.", []),
        ("v0.31, v10.3, v0.3.1, v0_30 and §0.3 are other things.", []),
        ("phase-7-cr-lamp-v0_3-v0_1.md", []),
    ],
)
def test_families_in_the_body(sentence: str, families: list[str]) -> None:
    assert in_body(sentence) == families


@pytest.mark.parametrize(
    ("line", "families"),
    [
        ("DUNIN7 — Done In Seven LLC — Miami, Florida Loomworks Phase 7 CR — Lamp — v0.3 — 2026-05-12", ["footer"]),
        ("*Lamp · CR v0.3 · 12 May 2026*", ["footer"]),
        ("v0.3", ["footer"]),
        ("Lamp | Version 0.3 | draft", ["footer"]),
        ("This closes what v0.3 began.", ["cross-reference"]),
        ("Lamp — supersedes v0.3 — 2026-05-12", ["transition"]),
        ("| v0.3 | 2026-03-01 | the first lamp |", ["cross-reference"]),
        ("- v0.3 — the first lamp", ["cross-reference"]),
        ("## v0.3", ["cross-reference"]),
    ],
)
def test_families_in_the_last_paragraph(line: str, families: list[str]) -> None:
    assert in_footer(line) == families


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Lamp v0.3\n\n**Version.** 0.3\n\nText.\n\nEnd.\n", ["title:1", "version-line:3"]),
        ("# Lamp (Version 0.3)\n\nVersion. v0.3\nDate. 2026-01-01\n\nText.\n\nEnd.\n", ["title:1", "version-line:3"]),
        ("# Lamp\n\n**Version.** 0.3 **Status.** Supersedes v0.3.\n\nEnd.\n", ["version-line:3", "transition:3"]),
        ("---\ntitle: Lamp v0.3\nversion: '0.3'\n---\n\nText 0.3.\n\nEnd.\n", ["title:2", "version-line:3"]),
        ("Lamp v0.3\n=========\n\nVersion: 0.3\n\nText.\n\nEnd.\n", ["title:1", "version-line:4"]),
        ("# Record v0.3\n\n# Lamp v0.3 and v0.3\n\nVersion: 0.4\n\nEnd.\n", ["title:1", "title:3", "title:3.2"]),
        ("# Lamp: from v0.3 to v0.4\n\nVersion: 0.4\n\nEnd.\n", ["transition:1"]),
        ("# Lamp\n\nVersion: 0.4\n\n## What v0.3 said\n\nEnd.\n", ["cross-reference:5"]),
    ],
)
def test_titles_and_version_lines(text: str, expected: list[str]) -> None:
    assert keys(text) == expected
    assert keys(text.replace("\n", "\r\n")) == expected
    assert keys(text.replace("\n", "\r")) == expected
    assert keys(codecs.BOM_UTF8 + text.encode()) == expected


def test_html_documents() -> None:
    name = NAME.replace(".md", ".html")
    text = page("0.3", "Lamp v0.3").replace("<p>Words.</p>", "<!-- v0.3 -->\n<p>As v0.3 said.</p>")
    text = text.replace("</body>", "<script>x = 'v0.3'</script>\n<footer>Lamp · v0.3</footer>\n</body>")
    assert keys(text, name) == ["title:3", "title:5", "version-line:6", "cross-reference:9", "footer:11"]
    stamped = "<!doctype html>\n<h1>Lamp</h1>\n<p>v0.3·2026-05-21·Working draft</p>\n<p>v0.3</p>\n"
    assert keys(stamped, name) == ["version-line:3", "cross-reference:4"]


def test_nothing_is_found_where_bytes_cannot_be_counted() -> None:
    assert places(document("0.3").encode("utf-16")) == ()
    assert places(document("0.3").encode() + b"\xff") == ()


def test_a_change_keeps_the_way_it_is_written() -> None:
    text = "# Lamp v0.3 – “wick”\r\n\r\n**Version.** 0.3\r\n\r\nText.\r\n\r\nLamp — V0_3 — Version 0.3\r\n"
    found = places(codecs.BOM_UTF8 + text.encode())
    data = changed(codecs.BOM_UTF8 + text.encode(), found)
    assert data.decode("utf-8-sig") == text.replace("0.3", "0.4").replace("0_3", "0_4")
    assert data.startswith(codecs.BOM_UTF8)
    patched = places(text, NAME.replace("v0_4", "v0_3_1"))
    assert [place.instead for place in patched] == ["v0.3.1", "0.3.1", "V0_3_1", "Version 0.3.1"]


def test_what_is_shown_only_cannot_be_changed() -> None:
    text = document("0.4", body="It supersedes v0.3.\n\nEnd.")
    with pytest.raises(ValueError, match="transition:10 is shown only"):
        changed(text.encode(), places(text))


_piece = st.sampled_from(
    ["v0.3", "v0_3", "Version 0.3", "0.3", " — ", "\n", "\n\n", "# ", "**Version.** ", "supersedes ", "→ ", "CR ",
     "é“ ", "x ", "| ", "phase-7-cr-lamp-", ".md", "\r\n", "v0.30", "<h1>", "</h1>"]
)  # fmt: skip


@given(st.lists(_piece, max_size=25).map("".join), st.booleans(), st.sampled_from([".md", ".html"]))
def test_places_are_bytes_that_name_the_version_before(text: str, marked: bool, extension: str) -> None:
    """Each place is where it says; changing places changes those bytes alone, and leaves none of them to change."""
    data = (codecs.BOM_UTF8 if marked else b"") + text.encode()
    name = NAME.replace(".md", extension)
    found = places(data, name)
    assert len({place.key for place in found}) == len(found)
    for place in found:
        assert data[place.start : place.end].decode() == place.text
        assert (place.instead is not None) == (place.family in CHANGEABLE)
        assert place.key.startswith(f"{place.family}:{place.line}")
    chosen = [place for place in found if place.instead is not None]
    after = changed(data, chosen)
    at, kept = 0, []
    for place in chosen:
        kept.append(data[at : place.start])
        at = place.end
    assert b"".join(kept) + data[at:] == _without(after, chosen)
    assert [place.text for place in places(after, name) if place.instead] == []


def _without(after: bytes, chosen: list[VersionMention]) -> bytes:
    """``after`` with what was put in taken out again."""
    grown = 0
    for place in chosen:
        put = (place.instead or "").encode()
        start = place.start + grown
        assert after[start : start + len(put)] == put
        after = after[:start] + after[start + len(put) :]
        grown += -(place.end - place.start)
    return after
