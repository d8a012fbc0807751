"""The page of a comparison: two versions of one document, what changed in words and numbers, and where."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby, pairwise
from urllib.parse import quote

from loomworks_record.pages import addresses
from loomworks_record.pages.bodies import Bodies
from loomworks_record.pages.compare_words import (
    changed_words,
    fold_words,
    headline,
    identifier_words,
    moved_words,
    row_words,
    section_label,
    section_words,
    shortfall_words,
    sort_word,
    total_words,
)
from loomworks_record.pages.names import named, short_name
from loomworks_record.pages.shell import Head, Link, Site
from loomworks_record.pages.sidebar import Sidebar, sidebar
from loomworks_record.pages.wording import counted, day, digest_words, standing_word, version_word
from loomworks_record.record.chains import Chain, Standing
from loomworks_record.record.record import Record
from loomworks_record.render.comparison import (
    Change,
    ChangedBlock,
    ChangedSection,
    Comparison,
    Item,
    ShownHeading,
    Unchanged,
    canonical_html,
    compare,
    mark_inline,
)
from loomworks_record.render.comparison.html_form import body_of_html
from loomworks_record.render.comparison.similarity import likeness, profile
from loomworks_record.source.document import Document
from loomworks_record.source.header import Field
from loomworks_record.source.version import version_key

CHOICES = 8  # comparisons of one chain offered at once; the others are folded
HEADER, SUMMARY = "r-head", "r-summary"
_TAGS = {"added": "add", "removed": "rem", "changed": "mod", "moved": "mov"}
_REFERENCE = re.compile(r'(?P<start><(?:a|img)\s[^>]*?\b(?:href|src)=")(?P<target>[^"#:?][^":#?]*)(?=["#?])')


@dataclass(frozen=True, slots=True)
class Compared:
    """One of the two versions."""

    version: str
    name: str
    address: str
    raw: str
    standing: Standing
    words: str
    date: date | None
    size: str
    digest: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the summary. ``tag`` is add, rem, mod or mov: the sign beside the word. ``places`` are what it says,
    each with its anchor on the page."""

    tag: str
    word: str
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A fact of the header that differs; ``label_html`` and ``html`` have the marks."""

    label: str
    label_html: str
    tag: str
    word: str
    html: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page lists, in order: a heading, a fold, a change or a section that changed as a whole.

    ``anchor`` is "" where nothing changed; ``previous`` and ``following`` are the anchors of the changes
    before and after it.
    """

    kind: str
    html: str = ""
    words: str = ""
    tag: str = ""
    anchor: str = ""
    previous: str = ""
    following: str = ""
    target: str = ""
    blocks: tuple[ChangedBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents, as the template of contents reads it."""

    anchor: str
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class ComparePage:
    """All that the template shows, top to bottom."""

    crumbs: tuple[Link, ...]
    address: str
    name: str
    title: str
    old: Compared
    new: Compared
    dates: str
    current: Link | None
    choices: tuple[Link, ...]
    more_choices: tuple[Link, ...]
    headline: str
    numbers: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    facts: tuple[ChangedFact, ...]
    after_header: str
    items: tuple[Shown, ...]
    contents: tuple[Entry, ...]
    sidebar: Sidebar | None


def compared_pairs(chain: Chain) -> list[tuple[Document, Document]]:
    """Every comparison that a chain has, by address: neighbours, each older version with the current one, and
    the forms of one version."""
    held = chain.named()
    found = list(pairwise(held))
    if chain.current is not None:
        found += [(document, chain.current) for document in held if document.version != chain.current.version]
    found += [(one, other) for one in held for other in chain.twins(one) if other.form != one.form]
    unique = {addresses.compare(chain.id, old, new): (old, new) for old, new in reversed(found)}
    return sorted(unique.values(), key=lambda pair: tuple(version_key(document.version) for document in pair))


def compare_page(record: Record, bodies: Bodies, chain: Chain, old: Document, new: Document) -> ComparePage:
    """The values of one comparison's page."""
    address = addresses.compare(chain.id, old, new)
    kinds = record.config.identifiers
    comparison = compare(_body(bodies, old, address), _body(bodies, new, address), identifiers=kinds)
    facts = tuple(changed_facts(bodies, old, new))
    anchors = [HEADER] * bool(facts) + [item.anchor for item in comparison.changes]
    between = _between(old, new)
    choices = [_choice(chain, pair, (old, new)) for pair in compared_pairs(chain)]
    shown, more = _split(choices)
    return ComparePage(
        crumbs=(*_crumbs(record, chain), Link(between, address, here=True)),
        address=address.removesuffix(".html"),
        name=short_name(new),
        title=f"{short_name(new)}: {between}",
        old=_compared(chain, old),
        new=_compared(chain, new),
        dates=_dates(old, new),
        current=_current(chain, old, new),
        choices=shown,
        more_choices=more,
        headline=headline(comparison, bool(facts), old.sha256 == new.sha256),
        numbers=total_words(comparison),
        lines=tuple(_lines(comparison, facts)),
        notes=tuple(map(shortfall_words, comparison.shortfalls)),
        facts=facts,
        after_header=anchors[1] if facts and len(anchors) > 1 else "",
        items=tuple(_items(comparison, anchors, _version(new, old))),
        contents=tuple(_contents(comparison, facts)),
        sidebar=sidebar(record, new),
    )


def compare_head(site: Site, page: ComparePage) -> Head:
    """The head of a comparison's page."""
    return Head(
        title=f"{page.title} · {site.name}",
        description=f"{page.title}. {page.headline}",
        place="phases" if page.sidebar and page.sidebar.over.startswith("Phase") else "documents",
        stylesheets=("assets/record/compare.css",),
        scripts=("assets/record/compare.js",),
    )


def changed_facts(bodies: Bodies, old: Document, new: Document) -> Iterator[ChangedFact]:
    """The facts of the header that differ: those of the new version in its order, then those that went."""
    pairs = _paired(old.header.fields, new.header.fields)
    for before, after in pairs:
        one = bodies.fact(old, before.value) if before and before.value else ""
        other = bodies.fact(new, after.value) if after and after.value else ""
        labels = before.label if before else "", after.label if after else ""
        if before and after:
            if labels[0] != labels[1] or canonical_html(one) != canonical_html(other):
                label = mark_inline(escape(labels[0]), escape(labels[1]))
                yield ChangedFact(labels[1], label, "mod", sort_word("changed"), mark_inline(one, other))
        elif after:
            yield ChangedFact(labels[1], escape(labels[1]), "add", sort_word("added"), mark_inline("", other))
        else:
            yield ChangedFact(labels[0], escape(labels[0]), "rem", sort_word("removed"), mark_inline(one, ""))


def comparable_body(bodies: Bodies, document: Document) -> str:
    """The text of a document as it is compared: without what the record adds to it."""
    if document.encoding is None:
        return ""
    return body_of_html(document.text) if document.form == "html" else bodies.unlinked(document)


def _body(bodies: Bodies, document: Document, page: str) -> str:
    """The body with the references of its own page, made to lead from ``page``."""
    home = addresses.raw(document.path) if document.form == "html" else addresses.view(document.path)
    folders = posixpath.dirname(quote(home)), posixpath.dirname(quote(page))

    def led(found: re.Match[str]) -> str:
        if found["target"].startswith("/"):
            return found.group()
        target = posixpath.normpath(posixpath.join(folders[0], found["target"]))
        return found["start"] + posixpath.relpath(target, folders[1])

    return _REFERENCE.sub(led, comparable_body(bodies, document))


def _paired(old: Sequence[Field], new: Sequence[Field]) -> list[tuple[Field | None, Field | None]]:
    """Fields of the same kind that are most alike, label before value; the others alone."""
    profiles = [[profile(f"{field.label} {field.value}") for field in side] for side in (old, new)]
    scored = sorted(
        (-(one.label == other.label), -likeness(profiles[0][at], profiles[1][to]), at, to)
        for at, one in enumerate(old)
        for to, other in enumerate(new)
        if one.key == other.key
    )
    matches: dict[int, int] = {}
    for _, _, at, to in scored:
        if at not in matches.values() and to not in matches:
            matches[to] = at
    pairs = [(old[matches[to]] if to in matches else None, field) for to, field in enumerate(new)]
    return [*pairs, *((field, None) for at, field in enumerate(old) if at not in matches.values())]


def _compared(chain: Chain, document: Document) -> Compared:
    return Compared(
        version=version_word(document.version) or "Without version",
        name=named(document),
        address=addresses.view(document.path),
        raw=addresses.raw(document.path),
        standing=chain.standing(document),
        words=standing_word(chain.standing(document)),
        date=document.date,
        size=counted(document.size, "byte"),
        digest=digest_words(document.sha256),
    )


def _crumbs(record: Record, chain: Chain) -> tuple[Link, ...]:
    phase = record.phase(chain.newest)
    history = Link(short_name(chain.newest), addresses.history(chain.id))
    if phase:
        places = Link("Phases", addresses.PHASES), Link(phase.label, addresses.phase(phase.folder))
        return (Link("Record", addresses.HOME), *places, history)
    return (Link("Record", addresses.HOME), Link("Documents", addresses.documents()), history)


def _version(document: Document, other: Document) -> str:
    """How a side is called beside the other: by its version, or by its form where both have one version."""
    if document.version == other.version:
        return "HTML" if document.form == "html" else "Markdown"
    return version_word(document.version) or "the form without version"


def _between(old: Document, new: Document) -> str:
    prefix = f"{version_word(old.version)}, " if old.version and old.version == new.version else ""
    return f"{prefix}{_version(old, new)} compared with {_version(new, old)}"


def _choice(chain: Chain, pair: tuple[Document, Document], here: tuple[Document, Document]) -> Link:
    old, new = pair
    if old.version == new.version:
        words = f"{version_word(old.version)} {_version(old, new)} to {_version(new, old)}".strip()
    else:
        words = f"{_version(old, new)} to {_version(new, old)}"
        words += ", current" if chain.current and new.version == chain.current.version else ""
    return Link(words, addresses.compare(chain.id, old, new), here=pair == here)


def _split(choices: Sequence[Link]) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """The choices around this one, and the others."""
    at = next((number for number, choice in enumerate(choices) if choice.here), 0)
    start = max(0, min(at - CHOICES // 2, len(choices) - CHOICES))
    shown = tuple(choices[start : start + CHOICES])
    return shown, tuple(choice for choice in choices if choice not in shown)


def _dates(old: Document, new: Document) -> str:
    if old.date and old.date == new.date:
        return f"both of {day(old.date)}"
    return " and ".join(day(document.date) or "no date" for document in (old, new)) if old.date or new.date else ""


def _current(chain: Chain, old: Document, new: Document) -> Link | None:
    """The current version, where it is neither of the two."""
    if chain.current is None or chain.current.version in (old.version, new.version):
        return None
    return Link(version_word(chain.current.version) or named(chain.current), addresses.view(chain.current.path))


def _lines(comparison: Comparison, facts: Sequence[ChangedFact]) -> Iterator[Line]:
    if facts:
        labels = ", ".join(fact.label for fact in facts)
        yield Line("mod", sort_word("changed"), ((f"Header: {labels}", HEADER),))
    for sort, changes in groupby(comparison.identifiers, lambda change: change.sort):
        places = tuple((identifier_words(change), change.anchor) for change in changes)
        yield Line(_TAGS[sort], sort_word(sort), places)
    if comparison.rows:
        yield Line("mod", sort_word("changed"), tuple((row_words(rows), rows.anchor) for rows in comparison.rows))
    for section in comparison.sections:
        yield Line(_TAGS[section.sort], sort_word(section.sort), ((section_words(section), section.anchor),))


def _items(comparison: Comparison, anchors: Sequence[str], version: str) -> Iterator[Shown]:
    around = {
        anchor: (before, after)
        for before, anchor, after in zip(["", *anchors], anchors, [*anchors[1:], ""], strict=False)
    }
    for item in comparison.items:
        yield _shown(item, comparison, around, version)


def _shown(item: Item, comparison: Comparison, around: dict[str, tuple[str, str]], version: str) -> Shown:
    if isinstance(item, ShownHeading):
        return Shown("heading", item.html)
    if isinstance(item, Unchanged):
        return Shown("fold", item.html, words=fold_words(item))
    previous, following = around[item.anchor]
    if isinstance(item, Change):
        return Shown("change", anchor=item.anchor, previous=previous, following=following, blocks=item.blocks)
    return Shown(
        "away" if item.moved_away else "section",
        item.html,
        words=moved_words(item) if item.moved_away else changed_words(item, version),
        tag=_TAGS[item.sort],
        anchor=item.anchor,
        previous=previous,
        following=following,
        target=_new_place(item, comparison) if item.moved_away else "",
    )


def _new_place(item: ChangedSection, comparison: Comparison) -> str:
    found = (each for each in comparison.changes if isinstance(each, ChangedSection) and each.sort == "moved")
    return next((each.anchor for each in found if not each.moved_away and each.place == item.place), "")


def _contents(comparison: Comparison, facts: Sequence[ChangedFact]) -> Iterator[Entry]:
    yield Entry(SUMMARY, "", "Summary")
    if facts:
        yield Entry(HEADER, "", "Header")
    for section in comparison.sections:
        number, title = section_label(section.name)
        yield Entry(section.anchor, number, title)
