"""Another organisation's words: with every kind renamed through the configuration, the sample is the same record."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import asdict
from typing import Any

import pytest
from loomworks_record.pages.api import whole_json
from loomworks_record.pages.plan import Plan
from loomworks_record.pages.shell import Site
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.source.config import RecordConfig, parse_config
from loomworks_record.source.kinds import DEFAULT_KINDS, NOTE
from loomworks_record.source.labels import FIELDS
from loomworks_record.source.store import read_content
from support.site import PROJECT

# Ours → theirs. Theirs stand nowhere in the sample, nor in the words of the pages.
WORDS = {
    "cr": "rfc",
    "change request": "request for comments",
    "halt surface": "stop report",
    "halt note": "stop memo",
    "scoping": "framing",
    "handoff": "baton",
    "inspection brief": "survey sheet",
    "findings": "sightings",
    "implementation": "workshop",
    "investigation": "enquiry",
    "manifest": "roster",
    "queued directions": "parked headings",
    "discovery": "unearthing",
    "standing note": "lasting memo",
    "candidate seed": "nominee kernel",
    "methodology": "craftbook",
    "brand guide": "livery book",
    "specification": "blueprint",
}
_EITHER = [word.replace(" ", "[ -]") for word in WORDS]
_OURS = re.compile(rf"(?<![A-Za-z0-9_])({'|'.join(_EITHER)})(s?)(?![A-Za-z0-9_])", re.IGNORECASE)
_THEIRS = re.compile(
    rf"({'|'.join(word.replace(' ', '[ -]') for word in WORDS.values())})(?=s?(?![a-z]))", re.IGNORECASE
)
# The labels of header fields are another table.
_WRITTEN = "|".join(re.escape(label) for labels in FIELDS.values() for label in labels if _OURS.search(label))
_LABELS = re.compile(rf"((?:^|(?<=\*\*)|(?<=- ))(?:{_WRITTEN})(?=[.:]))", re.MULTILINE)
_WORD = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]+(?![0-9A-Za-z])")  # no digests, no sizes
_BACK = {theirs: ours for ours, theirs in WORDS.items()}
CUT = 3  # words: a text that is cut at so many letters is cut elsewhere when its words are longer
SITE = Site("A record", "RECORD", "All of it.", "record.example.org", "https://record.example.org/", search=False)


def _as(found: str, other: str) -> str:
    """``other`` in the case of ``found``, with its hyphens."""
    other = other.replace(" ", "-") if "-" in found else other
    if found.isupper():
        return other.upper()
    if found.istitle() and " " in found:
        return other.title()
    return other[:1].upper() + other[1:] if found[:1].isupper() else other


def _plain(word: str) -> str:
    return word.lower().replace("-", " ")


def renamed(text: str) -> str:
    pieces = _LABELS.split(text)
    pieces[::2] = [_OURS.sub(lambda f: _as(f[1], WORDS[_plain(f[1])]) + f[2], piece) for piece in pieces[::2]]
    return "".join(pieces)


def back(text: str) -> str:
    return _THEIRS.sub(lambda found: _as(found[1], _BACK[_plain(found[1])]), text)


def row(kind: Any) -> dict[str, Any]:
    """A row of ours as another organisation would write it."""
    written = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(kind).items()}
    for key, value in written.items():
        if isinstance(value, list):
            written[key] = [renamed(each) for each in value]
        elif isinstance(value, str) and key != "role":
            written[key] = renamed(value)
    return written


def their_config() -> RecordConfig:
    theirs = [row(kind) for kind in DEFAULT_KINDS]
    names = {each["kind"] for each in theirs}
    without_ours = [{"kind": kind.kind, "pattern": ""} for kind in DEFAULT_KINDS if kind.kind not in names]
    return parse_config({"kinds": [*theirs, *without_ours]})


@pytest.fixture(scope="module")
def ours() -> Whole:
    return Whole(Record(RecordConfig(), read_content(PROJECT / "content")))


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder, config = tmp_path_factory.mktemp("theirs"), their_config()
    for file in (PROJECT / "content").rglob("*"):
        if file.is_file():
            path = folder / renamed(file.relative_to(PROJECT / "content").as_posix())
            path.parent.mkdir(parents=True, exist_ok=True)
            data = file.read_bytes()
            path.write_bytes(renamed(data.decode()).encode() if path.suffix in (".md", ".html", ".yml") else data)
    return Whole(Record(config, read_content(folder, config.kinds)))


def compared(value: Any) -> Any:
    """A value with our words for theirs; what follows from other bytes left out, lists of documents as sets."""
    if isinstance(value, dict):
        return {k: compared(v) for k, v in value.items() if k not in ("sha256", "bytes", "header", "line")}
    if isinstance(value, list):
        members = [compared(each) for each in value]
        ordered = any(isinstance(each, dict) and "held" in each for each in members)
        return members if ordered else sorted(members, key=repr)
    return back(value) if isinstance(value, str) else value


def test_none_of_our_words_is_left_in_their_table() -> None:
    table = their_config().kinds
    left = {each for each in table.rows for text in (each.kind, each.label, *each.words) if _OURS.search(text)}
    assert left == set()
    assert {each.role for each in table.rows} == {each.role for each in DEFAULT_KINDS}


def test_documents_cycles_and_problems_are_the_same(ours: Whole, theirs: Whole) -> None:
    mine, other = compared(whole_json(ours)), compared(whole_json(theirs))
    assert len(mine["documents"]) == len(ours.record.documents)
    for key in mine:
        assert other[key] == mine[key], key


def _pages(whole: Whole) -> dict[str, Counter[str]]:
    """Address → the words of the page. The pages of the list are one: which row stands on which follows from names."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for page in Plan(whole, SITE).pages():
        values = repr(sorted(page.values().items(), key=lambda item: item[0]))
        address = "documents/" if page.address.startswith("documents/") else back(page.address)
        found[address] += Counter(_WORD.findall(back(values)))
    del found["integrity/index.html"]  # its example is the first archived document by its name
    return found


def test_every_page_has_the_same_words(ours: Whole, theirs: Whole) -> None:
    mine, other = _pages(ours), _pages(theirs)
    assert other.keys() == mine.keys()
    assert len(mine) > 100
    for address, words in mine.items():
        differing = (words - other[address]) + (other[address] - words)
        assert differing.total() <= CUT, (address, differing)


def test_the_words_of_pages_are_theirs(theirs: Whole) -> None:
    phase = next(phase for phase in theirs.record.phases if phase.number == 57)
    page = str(next(p for p in Plan(theirs, SITE).pages() if p.address == f"phases/{phase.folder}/index.html").values())
    for word in ("Read RFC-2026-090 v0.4", "('Stop report', ", "Framing", "Baton", "title='RFC'"):
        assert word in page, word
    assert NOTE.label == "Note"
