"""Numbers that name documents (ADR-12), or entries of a log (DL-7), where texts name them so."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from loomworks_record.adoption.names import COUNTED, Finding, ProposedRow
from loomworks_record.record.numbers import Numbers, numbers
from loomworks_record.record.record import Record
from loomworks_record.source.config import parse_config
from loomworks_record.source.document import Document
from loomworks_record.source.identifiers import IdentifierKind
from loomworks_record.source.known_conventions import read_convention
from loomworks_record.source.names import OF_FOLDER

_Ways = Mapping[str, list[int]]
_SELDOM = 10  # numbers for each that is claimed twice
_FEWEST = 3  # numbers that are defined, and that are named elsewhere
_MOST = 0.5  # of the times that texts name one, it is defined: else the word is rather that of another series
_IN_NAME = re.compile(r"(?P<word>[A-Za-z]{2,8})[-_ ]?0*(?P<number>\d{1,5})(?![^\W_])(?![-_.]\d)")
_IN_TITLE = re.compile(r"(?P<word>[A-Z]{2,8})[- #]?0*(?P<number>\d{1,5})(?![\w.])")
_IN_HEADER = re.compile(r"(?P<word>[A-Za-z]{2,8}) (?:(?P=word)[- #]?)?0*(?P<number>\d{1,5})", re.IGNORECASE)
_BARE = re.compile(r"0*(?P<number>\d{1,5})[-_ ](?!\d\d[-_ ])")
_ENTRY = re.compile(r"^#{2,5} +[\[*]*(?P<word>[A-Z]{2,6})-0*(?P<number>\d{1,5})(?![\w.])", re.MULTILINE)
_HEADING = re.compile(r"^#.*$", re.MULTILINE)
# Words before a number that names no document: what only counts, and things of somebody else.
_NO_PREFIX = COUNTED | {
    "gate", "fig", "table", "version", "ver", "rev", "draft", "edition", "release", "issue", "pr", "mr", "no", "nr",
    "iso", "utf", "sha", "md", "http", "python", "ipv", "ec", "option", "item", "note", "doc",
}  # fmt: skip


def number_rows(record: Record) -> Iterator[ProposedRow]:
    """Rows for the words that at least three documents are numbered by, hardly a number twice, and that texts use."""
    config, claims = record.config, _claimed(record.documents)
    taken = {word.casefold() for row in config.identifiers for word in (*row.words, row.pattern[:2])}
    taken |= {pattern.partition("-")[0].casefold() for pattern in config.kinds.number_patterns} | _NO_PREFIX
    named = _named(record.documents, sorted(claims.keys() - taken))
    for word, texts in sorted(named.items()):
        ways = claims[word]
        row: dict[str, Any] = {"kind": word, "label": word.upper(), "prefix": word.upper()}
        if ways.keys() == {"heading"}:
            row["defined_by"] = ["heading"]
        if folders := sorted(way.removeprefix("in ") for way in ways if way.startswith("in ")):
            row["folders"] = folders
        defined = _defined(record, row, ways)
        good = sum(count for number, count in texts.items() if number in defined)
        if len(texts.keys() & defined) >= _FEWEST and good >= _MOST * texts.total():
            what = "documents" if "defined_by" not in row else "entries"
            reason = f"{what} have such a number, and texts name them"
            yield ProposedRow("identifiers", row, len(defined), reason)


def _defined(record: Record, row: Mapping[str, Any], ways: _Ways) -> frozenset[int]:
    """The numbers that the row would have something defined by; none where too many are claimed twice."""
    if "defined_by" in row:
        held = Counter(ways["heading"])
        found, twice = set(held), sum(count > 1 for count in held.values())
    else:
        read = _read(record, parse_config({"identifiers": [row]}).identifiers[0])
        found = {int(re.sub(r"\D", "", name)) for name in read.by_name}
        twice = len(read.problems)
    return frozenset(found) if twice * _SELDOM <= len(found) else frozenset()


def _read(record: Record, row: IdentifierKind) -> Numbers:
    return numbers(Record(replace(record.config, identifiers=(row,)), record.content))


def seen_identifiers(record: Record) -> Iterator[Finding]:
    """Identifiers of the rows in use, with how many texts have some of the row."""
    texts = [document.text for document in record.documents if document.form == "md"]
    for row in record.config.identifiers:
        form = re.compile(rf"(?<![\w-])(?:{row.pattern})(?![\w-])")
        silent = re.compile(rf"(?:.* )?(?:{row.silent})" if row.silent else r"(?!)")
        held = [named for text in texts if (named := _first(form, silent, text))]
        if held:
            yield Finding("Identifiers", row.label, len(held), "", tuple(dict.fromkeys(held))[:2])


def _first(form: re.Pattern[str], silent: re.Pattern[str], text: str) -> str:
    named = (each.group() for each in form.finditer(text))
    return next((each for each in named if not silent.fullmatch(each)), "")


def unfit_rows(record: Record) -> Iterator[ProposedRow]:
    """Rows that take those away by which, of a convention, several documents would have the same numbers."""
    for name in record.config.conventions:
        for kind in (row["kind"] for row in read_convention(name).get("identifiers", ())):
            rows = [row for row in record.config.identifiers if row.kind == kind]
            read = _read(record, rows[0]) if rows else None
            if read is not None and len(read.problems) > len(read.by_name):
                held = len(read.problems)
                reason = f"{held} documents share their numbers with others: there are several series"
                yield ProposedRow("identifiers", {"kind": kind, "pattern": ""}, held, reason)


def _claimed(documents: Iterable[Document]) -> dict[str, _Ways]:
    """Word → what defines a number after it: "header", "name", "in adr" (a folder of bare numbers), "title", "heading"
    → the numbers."""
    found: dict[str, _Ways] = defaultdict(lambda: defaultdict(list))
    for document in documents:
        for word, number, way in _claims(document):
            found[word.casefold()][way].append(number)
    return {
        word: ways for word, ways in found.items() if len({each for held in ways.values() for each in held}) >= _FEWEST
    }


def _claims(document: Document) -> Iterator[tuple[str, int, str]]:
    """(word, number, what defines it), the surest first."""
    for field in document.header.fields:
        if place := _IN_HEADER.fullmatch(f"{field.label} {field.value}"):
            yield place["word"], int(place["number"]), "header"
    folders = document.chain.split("/")[:-1]
    stem = document.name.subject or document.name.stem
    if folders and stem.casefold() in OF_FOLDER:
        stem = folders.pop()
    if place := _IN_NAME.match(stem):
        yield place["word"], int(place["number"]), "name"
    word = folders[-1].casefold().removesuffix("s") if folders else ""
    if re.fullmatch(r"[a-z]{2,6}", word) and (place := _BARE.match(stem)):
        yield word, int(place["number"]), f"in {folders[-1]}"
    if place := _IN_TITLE.match(document.title):
        yield place["word"], int(place["number"]), "title"
    if document.form == "md" and "\n## " in document.text:
        entries = list(_ENTRY.finditer(document.text))
        words = Counter(entry["word"] for entry in entries)
        yield from ((e["word"], int(e["number"]), "heading") for e in entries if words[e["word"]] >= _FEWEST)


def _named(documents: Iterable[Document], words: Sequence[str]) -> dict[str, Counter[int]]:
    """Word → number → how many texts name it beside those that have it."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    if not words:
        return found
    listed = "|".join(word.upper() for word in words)
    mention = re.compile(rf"(?<![\w-])(?P<word>{listed})(?:[-_]| ?#| )?0*(?P<number>\d{{1,5}})(?![\w.]\d|\w)")
    for document in documents:
        if document.form != "md":
            continue
        own = {(word.casefold(), number) for word, number, way in _claims(document) if way != "heading"}
        body = _HEADING.sub("", document.body)
        said = {(each["word"].casefold(), int(each["number"])) for each in mention.finditer(body)}
        for word, number in said - own:
            found[word][number] += 1
    return found
