"""What a document cites, what of that is not held, and who cites it: each with the sentence around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from loomworks_record.pages import addresses
from loomworks_record.pages.ground import grounds_in
from loomworks_record.pages.names import full_name
from loomworks_record.pages.shell import Link
from loomworks_record.pages.wording import counted, standing_word, version_word
from loomworks_record.record.chains import Standing
from loomworks_record.record.citations.citation import Citation
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document

_TIMES = {2: "twice", 3: "three times", 4: "four times", 5: "five times", 6: "six times"}


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence with the mention in it."""

    before: str
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class Cited:
    """One document that is cited, or that cites. ``now`` leads to the current version where one superseded it;
    ``grounds`` say whether the sections that are cited read the same there."""

    name: str
    address: str
    standing: Standing
    words: str
    where: str
    date: date | None
    now: Link | None
    quote: Quote
    grounds: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class CitedNotHeld:
    """Something cited that is not held. ``outcome`` is elsewhere or unresolved; ``place`` is what the text says."""

    name: str
    outcome: str
    place: str
    where: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class Cites:
    """Three lists, each split into what is shown and what is folded. ``sections``: by anchor, how many documents cite
    what stands there."""

    said: str
    cites: tuple[Cited, ...]
    not_held: tuple[CitedNotHeld, ...]
    cited_by: tuple[Cited, ...]
    sections: Mapping[str, int]


def cites_of(whole: Whole, document: Document) -> Cites:
    """What the page of a document says of its citations, and of those of it in others (current documents first)."""
    record, own, by = whole.record, whole.citations.of(document.path), whole.citations.by(document.path)
    others = [citation for citation in own if citation.target and citation.target != document.path]
    grouped = _grouped(others, lambda citation: citation.target or "")
    held = [_cited(whole, path, citations) for path, citations in grouped.items() if path in record.by_path]
    held.sort(key=lambda cited: cited.now is not None)
    absent = (citation for citation in own if citation.target is None and citation.named)
    missing = _grouped(absent, lambda citation: citation.named)
    citing = _grouped(by, lambda citation: citation.source)
    return Cites(
        said=f"{counted(len(held), 'document')}, {counted(len(others), 'mention')}",
        cites=tuple(held),
        not_held=tuple(_not_held(citations) for citations in missing.values()),
        cited_by=tuple(_citing(whole, path, citations) for path, citations in citing.items()),
        sections=_by_section(by),
    )


def _by_section(by: Sequence[Citation]) -> dict[str, int]:
    documents = {(citation.anchor, citation.source) for citation in by}
    return dict(sorted(Counter(anchor for anchor, _ in documents if anchor).items()))


def _grouped(citations: Iterable[Citation], key: Callable[[Citation], str]) -> dict[str, list[Citation]]:
    grouped: dict[str, list[Citation]] = {}
    for citation in citations:
        grouped.setdefault(key(citation), []).append(citation)
    return grouped


def _cited(whole: Whole, path: str, citations: list[Citation]) -> Cited:
    record = whole.record
    target = record.by_path[path]
    standing = record.standing(target)
    first = citations[0]
    anchors = {citation.anchor for citation in citations}
    anchor = f"#{first.anchor}" if first.anchor and len(anchors) == 1 else ""
    current = record.by_path.get(first.now or "")
    return Cited(
        name=full_name(record, target),
        address=addresses.view(target) + anchor,
        standing=standing,
        words=standing_word(standing),
        where=f"cited {where_words(citations)}",
        date=target.date,
        now=Link(_now_words(record, target, current), addresses.view(current)) if current else None,
        quote=_quote(first),
        grounds=grounds_in(whole, citations),
    )


def _now_words(record: Record, target: Document, current: Document) -> str:
    """What is in force for a document: the version of its chain, or what has replaced it by its name."""
    return version_word(current.version) if current.chain == target.chain else full_name(record, current)


def _citing(whole: Whole, path: str, citations: list[Citation]) -> Cited:
    record = whole.record
    source = record.by_path[path]
    standing = record.standing(source)
    return Cited(
        name=full_name(record, source),
        address=addresses.view(source),
        standing=standing,
        words=standing_word(standing),
        where=where_words(citations),
        date=source.date,
        now=None,
        quote=_quote(citations[0]),
        grounds=grounds_in(whole, citations),
    )


def _not_held(citations: list[Citation]) -> CitedNotHeld:
    told = next((citation for citation in citations if citation.place), citations[0])
    return CitedNotHeld(told.named, told.outcome, told.place, where_words(citations), _quote(citations[0]))


def where_words(citations: list[Citation]) -> str:
    """ "in §3, twice", "in §1 and §4", "in the header"."""
    places = list(
        dict.fromkeys("the header" if citation.where == "header" else citation.where for citation in citations)
    )
    named_places = [place for place in places if place]
    times = f", {_TIMES.get(len(citations), f'{len(citations)} times')}" if len(citations) > 1 else ""
    if not named_places:
        return "before the first section" + times
    if len(named_places) > 3:
        named_places = [*named_places[:3], f"{len(named_places) - 3} more"]
    said = named_places[0] if len(named_places) == 1 else f"{', '.join(named_places[:-1])} and {named_places[-1]}"
    return f"in {said}{times}"


def _quote(citation: Citation) -> Quote:
    return Quote(citation.before, citation.text, citation.after)
