"""What a document says of its own standing: its status, by what it is superseded, a banner that says so; and the words
that a status begins with, the table that a configuration adds to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from loomworks_record import lazy
from loomworks_record.source.folding import fold_markdown
from loomworks_record.source.header import Header
from loomworks_record.source.labels import Field

Means = Literal["replaced", "not-in-force", "in-force"]


@dataclass(frozen=True, slots=True)
class StatusWord:
    """A word that a status begins with, and what it means for the standing."""

    word: str
    means: Means


DEFAULT_STATUSES = (
    *(StatusWord(word, "replaced") for word in ("superseded", "superceded", "replaced", "obsoleted", "supplanted")),
    *(
        StatusWord(word, "not-in-force")
        for word in (
            "withdrawn", "retired", "deprecated", "obsolete", "abandoned", "revoked", "rescinded", "archived",
            "rejected", "declined", "denied", "disapproved", "refused", "vetoed", "cancelled", "canceled", "expired",
            "lapsed", "discontinued", "decommissioned", "sunset", "retracted", "repealed", "annulled", "void",
            "invalid", "invalidated", "terminated", "discarded", "historic", "defunct", "not accepted", "not approved",
            "no longer valid", "no longer in force", "not in force", "will not be done", "won't do",
        )
    ),
    *(StatusWord(word, "in-force") for word in ("in force", "current", "active")),
)


class OwnWord(Struct, frozen=True):
    """What a header says of the document's standing. ``word`` is the word that counts ("Withdrawn"), as it is written;
    ``by`` what the header says that it is superseded by ("" if nothing), ``line`` the line that says it."""

    means: Means
    word: str
    said: str
    by: str
    line: int


_SECTION = lazy.regex(
    r"^(?:#{2,3} +Status *#*|Status\n-{3,}) *\n(?P<text>(?:(?!#{1,6} |[^\n]+\n(?:={3,}|-{3,})\n)[^\n]*\n)*)", re.M
)
_BEGINS = frozenset(">*_:!⚠🚫❌<")  # what a banner may begin with; few lines do
_SHORT = 160  # characters of a paragraph that says a status; a longer one describes a state
_TOP = 6_000  # characters in which a banner or a section "Status" is looked for
_SUBJECT = r"(?:this (?:document|doc|file|page|note|spec|specification|version|draft|record|decision|ADR|RFC|plan) )?"
_VERB = r"(?:has been |have been |is now |is |was |closed\s*[/:–—-]\s*|closed as )?"  # "Closed / Withdrawn"
_BY = lazy.regex(r"\b(?:by|in favou?r of|with|see|use)\b:?\s*(?P<by>.+)", re.IGNORECASE | re.DOTALL)
_BANNER = lazy.regex(r"^(?:>|\*\*|__|:::|!!!|⚠|🚫|❌|<div|<p|_|\*(?!\s))")
_MARKS = lazy.regex(
    r"^(?:[\s>*_~`|#⚠️🚫❌🛑⛔-]|\[!\w+\]|(?:status|note|warning|important|notice)\s*[:.]+)+", re.IGNORECASE
)
_STRUCK = lazy.regex(r"~~.*?~~", re.DOTALL)
NOT_IN_LINK = r"(?![^\[\]]{0,300}\]\()"  # adr-tools cites a decision as [2. Use B](0002-use-b.md)
_SENTENCES = lazy.regex(rf"(?<=[.;])\s+{NOT_IN_LINK}|\n+")
_SUPERSEDES = lazy.regex(
    r"(?:^|[.;,]\s+)(?:supersedes|replaces|obsoletes)\b:?\s+"
    r"(?P<named>(?:\[[^\]]*\]\([^)]*\)(?:\s*(?:,|and|&)?\s*(?=\[))?)+|[^.;]+)",
    re.IGNORECASE,
)
_PARTLY = lazy.regex(r"\b(?:partly|partially|in part|sections?|§+|chapters?|clauses?)\b", re.IGNORECASE)


def own_word(header: Header, words: tuple[StatusWord, ...] = DEFAULT_STATUSES) -> OwnWord | None:
    """What the header says of the standing, or None where it says nothing of it. The strongest word counts."""
    found = list(_words(header, words))
    order: tuple[Means, ...] = ("replaced", "not-in-force", "in-force")
    return min(found, key=lambda each: (order.index(each.means), not each.by), default=None)


def _words(header: Header, words: tuple[StatusWord, ...]) -> Iterator[OwnWord]:
    for field in header.fields:
        if field.key == "superseded_by" and _names_something(field.value):
            yield OwnWord("replaced", "superseded", field.value, field.value, field.line)
        elif field.key in ("status", "banner"):
            for sentence in _SENTENCES.split(_STRUCK.sub("", fold_markdown(field.value))):
                said = _said(sentence, words)
                if said:
                    yield OwnWord(said[0], said[2], " ".join(sentence.split()), said[1], field.line)


def _said(sentence: str, words: tuple[StatusWord, ...]) -> tuple[Means, str, str] | None:
    """(what it means, by what, the word) where a sentence begins with a word of the table."""
    plain = _MARKS.sub("", sentence)
    found = _beginning(words).match(plain)
    if found is None or _PARTLY.search(plain[:60]):
        return None
    word = " ".join(found["word"].casefold().split())
    means = next(each.means for each in words if each.word.casefold() == word)
    by = _BY.search(plain[found.end() :]) if means != "in-force" else None
    if by and not _names_something(by["by"]):
        return None  # "Superseded by: —"
    return means, by["by"].strip(" .") if by else "", found["word"]


@lru_cache(maxsize=16)
def _beginning(words: tuple[StatusWord, ...]) -> re.Pattern[str]:
    listed = "|".join(re.escape(each.word).replace(r"\ ", r"\s+") for each in words)
    # "RETIRED-AS-BUILT" says it, "Rejected alternatives" and "Superseded v0.1" do not.
    ended = r"(?!\w)(?!-(?!(?:as|by|on|since)-))(?!\s+v?\d)(?!\s+(?!(?:as|is|was|this)\b)[a-z]+s\b)"
    return re.compile(rf"{_SUBJECT}{_VERB}(?P<word>{listed}){ended}", re.IGNORECASE)


def _names_something(value: str) -> bool:
    return bool(value.strip(" -—–.")) and value.strip(" .").casefold() not in (
        "none",
        "n/a",
        "nothing",
        "null",
        "no",
        "tbd",
    )


def supersedes(header: Header) -> Field | None:
    """The field that says what the document supersedes as a whole, else the words of its status that do."""
    said = (field for field in header.fields if field.key == "supersedes")
    found = next(said, None) or next(_supersedes_in_status(header), None)
    return found if found and _names_something(found.value) and not _PARTLY.search(found.value) else None


def _supersedes_in_status(header: Header) -> Iterator[Field]:
    """ "Accepted. Supersedes [2. Use files](0002-use-files.md)", as adr-tools writes it."""
    for field in header.all("status"):
        named = [found["named"].strip() for found in _SUPERSEDES.finditer(_STRUCK.sub("", field.value))]
        if named:
            yield Field(field.label, "supersedes", ", ".join(named), field.line)


def status_fields(text: str, header: Header) -> Iterator[Field]:
    """What stands below a heading "Status", where no label says one, and a banner near the top, as fields."""
    top = text[:_TOP]
    if "Status" in top and header.first("status") is None:
        yield from _section_status(top)
    for number, line_text in enumerate(top.split("\n", 40)[:40], 1):
        if (
            line_text.lstrip()[:1] in _BEGINS
            and number > header.start
            and _BANNER.match(line_text.strip())
            and not line_text.lstrip("> ").startswith("**Status")
        ):
            said_here = _said(line_text.strip("*_> "), DEFAULT_STATUSES)
            if said_here and said_here[0] != "in-force":
                yield Field("Banner", "banner", " ".join(_MARKS.sub("", line_text).replace("**", "").split()), number)
                return


def _section_status(top: str) -> Iterator[Field]:
    """The short paragraphs below a heading "Status"; a longer one describes a state."""
    section = _SECTION.search(top + "\n")
    said = _without_comments(section["text"]) if section else ""
    paragraphs = re.split(r"\n\s*\n", said)[:4] if said else []
    if section and paragraphs and len(paragraphs[0]) < _SHORT:
        line = top.count("\n", 0, section.start("text")) + 1
        words = [" ".join(each.split()).rstrip(".") for each in paragraphs if len(each) < _SHORT]
        yield Field("Status", "status", ". ".join(words), line)


def _without_comments(text: str) -> str:
    return re.sub(r"<!--.*?(?:-->|\Z)", "", text, flags=re.DOTALL).strip()
