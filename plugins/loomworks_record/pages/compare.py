"""The page of a comparison: two versions of one document, and the way between them; what changed is in changes.py.
And two documents compared outside of a site: what a command prints, and what a program is answered."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from loomworks_record.comparison.plain import side_text
from loomworks_record.comparison.tally import STATES
from loomworks_record.comparison.values import Change, Comparison, Tally
from loomworks_record.pages import addresses
from loomworks_record.pages.changes import (
    ChangedFact,
    Changes,
    ComparisonInputs,
    Side,
    changed_facts,
    compared_texts,
    header_fields,
    summary,
)
from loomworks_record.pages.compare_words import headline
from loomworks_record.pages.shell import Head, Link, Sidebar, Sidebars, Site, VersionFacts, crumbs, version_facts
from loomworks_record.pages.wording import day, short_name, version_or_name, version_word
from loomworks_record.record.chains import Chain
from loomworks_record.record.record import Record
from loomworks_record.render.text import FactJob, RenderedText, TextJob, text_with
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document
from loomworks_record.source.version import version_key

LONG_CHAIN = 24  # versions of a chain from which addresses of former comparisons are too many to be kept
CHOICES = 8  # versions offered at once as one end of a comparison
COMPARE_ALL = RecordConfig().compare_all


class ComparePage(Struct, frozen=True):
    """All that the page says around what changed: the frame of the page. ``latest`` moves to the current version, or
    is ""."""

    crumbs: tuple[Link, ...]
    address: str
    name: str
    title: str
    old: VersionFacts
    new: VersionFacts
    dates: str
    current: Link | None
    starts: tuple[Link, ...]
    ends: tuple[Link, ...]
    forms: tuple[Link, ...]
    command: str
    versions: Link
    latest: str
    sidebar: Sidebar | None


Pair = tuple[Document, Document]


def compared_pairs(chain: Chain, compare_all: int = COMPARE_ALL) -> list[Pair]:
    """Every comparison that a chain has, by address: any two of up to ``compare_all`` versions, of more only neighbours
    and each older version with the current one; and the forms of one version."""
    held = chain.named()
    found = list(combinations(held, 2) if len(held) <= compare_all else pairwise(held))
    if chain.current is not None:
        found += [(document, chain.current) for document in held if document.version != chain.current.version]
    found += [(one, other) for one in held for other in chain.twins(one) if other.form != one.form]
    unique = {addresses.compare(chain.id, old, new): (old, new) for old, new in reversed(found)}
    return sorted(unique.values(), key=lambda pair: tuple(version_key(document.version) for document in pair))


def former_pairs(chain: Chain, compare_all: int = COMPARE_ALL) -> list[Pair]:
    """The comparisons of an older version with one that is neither its successor nor current today, but may have been
    current when it was published: their addresses lead on."""
    if len(chain.named()) > LONG_CHAIN:
        return []
    there = {addresses.compare(chain.id, old, new) for old, new in compared_pairs(chain, compare_all)}
    pairs = combinations(chain.named(), 2)
    return [(old, new) for old, new in pairs if addresses.compare(chain.id, old, new) not in there]


def compare_page(
    record: Record, chain: Chain, old: Document, new: Document, sidebars: Sidebars | None = None
) -> ComparePage:
    address = addresses.compare(chain.id, old, new)
    between = _between(old, new)
    starts, ends = _ends(chain, old, new, record.config.compare_all)
    held = chain.named()
    return ComparePage(
        crumbs=crumbs(
            record.phase(chain.newest),
            Link(short_name(chain.newest), addresses.history(chain.id)),
            Link(between, address),
        ),
        address=address.removesuffix(".html"),
        name=short_name(new),
        title=f"{short_name(new)}: {between}",
        old=version_facts(old, chain, of_text=True),
        new=version_facts(new, chain, of_text=True),
        dates=_dates(old, new),
        current=_current(chain, old, new),
        starts=starts,
        ends=ends,
        forms=tuple(_forms(chain, old, new)),
        command="" if len(held) <= record.config.compare_all else f"record compare {held[0].path} {new.path}",
        versions=Link(f"All {len(held):,} versions", addresses.history(chain.id)),
        latest=addresses.latest(chain.id) if chain.current else "",
        sidebar=(sidebars or Sidebars(record)).beside(new),
    )


def comparison_inputs(record: Record, chain: Chain, old: Document, new: Document) -> ComparisonInputs:
    """What the comparison itself depends on, beside the two texts."""
    return ComparisonInputs(
        address=addresses.compare(chain.id, old, new),
        old=_side_of(old),
        new=_side_of(new),
        version=_version(new, old),
        same=old.sha256 == new.sha256,
        identifiers=record.config.identifiers,
    )


def compare_values(page: ComparePage, head: Head, changes: Changes) -> dict[str, Any]:
    """What the template shows: the frame and what changed, which the description of the page says too."""
    described = replace(head, description=f"{head.description} {changes.headline}")
    return {"page": page, "head": described, "changes": changes}


def compare_head(site: Site, page: ComparePage) -> Head:
    """The head of a comparison's page, without what changed."""
    return site.head(
        page.title,
        f"{page.title}.",
        place="phases" if page.sidebar and page.sidebar.over.startswith("Phase") else "documents",
        stylesheets=("assets/record/compare.css",),
        scripts=("assets/record/compare.js",),
    )


def _version(document: Document, other: Document) -> str:
    """How a side is called beside the other: by its version, or by its form where both have one version."""
    if document.version == other.version:
        return "HTML" if document.form == "html" else "Markdown"
    return version_word(document.version) or "the form without version"


def _between(old: Document, new: Document) -> str:
    prefix = f"{version_word(old.version)}, " if old.version and old.version == new.version else ""
    return f"{prefix}{_version(old, new)} compared with {_version(new, old)}"


def _forms(chain: Chain, old: Document, new: Document) -> Iterator[Link]:
    """The comparisons of the forms of either version."""
    for one in (chain.named()[at] for at in sorted({chain.place(old), chain.place(new)})):
        for other in chain.twins(one):
            if other.form != one.form:
                words = f"{version_word(one.version)} {_version(one, other)} to {_version(other, one)}".strip()
                yield Link(words, addresses.compare(chain.id, one, other), here=old.version == new.version)


def _ends(chain: Chain, old: Document, new: Document, compare_all: int) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """What the comparison may begin and end with, nearest first where there are many; the address of a pair that has no
    page is ""."""
    if old.version == new.version:
        return (), ()
    held = chain.named()
    at, to = chain.place(old), chain.place(new)

    def end(one: int, other: int, shown: int, here: int) -> Link:
        current = chain.current is not None and held[other].version == chain.current.version
        built = len(held) <= compare_all or other == one + 1 or current
        words = version_word(held[shown].version) + (", current" if current and shown == other else "")
        return Link(words, addresses.compare(chain.id, held[one], held[other]) if built else "", here=shown == here)

    starts = tuple(end(each, to, each, at) for each in _window(range(to), at))
    ends = _window(range(at + 1, len(held)), to)
    last = [len(held) - 1] if len(held) - 1 not in ends else []
    return starts, tuple(end(at, each, each, to) for each in (*ends, *last))


def _window(span: range, here: int) -> range:
    start = max(span.start, min(here - CHOICES // 2, span.stop - CHOICES))
    return range(start, min(span.stop, start + CHOICES))


def _dates(old: Document, new: Document) -> str:
    if old.date and old.date == new.date:
        return f"both of {day(old.date)}"
    return " and ".join(day(document.date) or "no date" for document in (old, new)) if old.date or new.date else ""


def _current(chain: Chain, old: Document, new: Document) -> Link | None:
    """The current version, where it is neither of the two."""
    if chain.current is None or chain.current.version in (old.version, new.version):
        return None
    return Link(version_or_name(chain.current), addresses.view(chain.current))


def _side_of(document: Document) -> Side:
    as_html = document.form == "html" and document.encoding is not None
    return Side(
        home=addresses.raw(document) if document.form == "html" else addresses.view(document),
        html=document.text if as_html else "",
        fields=tuple((field.label, field.key, field.value) for field in document.header.fields),
    )


class ComparedTexts(Struct, frozen=True):
    """Two documents, the facts of their headers that differ, and their texts laid over each other."""

    old: Document
    new: Document
    facts: tuple[ChangedFact, ...]
    comparison: Comparison

    @property
    def headline(self) -> str:
        return headline(self.comparison, bool(self.facts), self.old.sha256 == self.new.sha256)


def compare_documents(config: RecordConfig, old: Document, new: Document) -> ComparedTexts:
    """Compare two documents as a page would. Links and images count by the names of their files: the two need not lie
    in one folder, nor in a record."""
    left, right = (replace(_side_of(document), home="") for document in (old, new))
    whole = ComparisonInputs("", left, right, "", old.sha256 == new.sha256, config.identifiers)
    before, after = (_rendered(config, document) for document in (old, new))
    facts = changed_facts(header_fields(whole.old, before), header_fields(whole.new, after))
    return ComparedTexts(old, new, tuple(facts), compared_texts(whole, before, after))


def summary_lines(compared: ComparedTexts) -> Iterator[tuple[str, str]]:
    """(sort, words) of each line of the summary."""
    for sort, places in summary(compared.comparison, compared.facts):
        yield from ((sort, words) for words, _ in places)


def compared_json(compared: ComparedTexts, short: bool = False) -> dict[str, Any]:
    """What ``record compare --json`` prints; ``short``: without the words that changed."""
    comparison = compared.comparison
    values: dict[str, Any] = {
        "format": "loomworks-record/1",
        "old": _document_json(compared.old),
        "new": _document_json(compared.new),
        "same": comparison.is_same,
        "blocks": {"differing": comparison.blocks_differing, "total": comparison.blocks_total},
        "header": [{"label": fact.label, "sort": fact.word.lower(), **_sides(fact.html)}
                   for fact in compared.facts],
        "sections": [
            {"sort": section.sort, "number": section.name.number, "identifier": section.name.identifier,
             "title": section.name.title, "units": [_tally_json(tally) for tally in section.tallies]}
            for section in comparison.sections
        ],
        "identifiers": [{"sort": each.sort, "kind": each.kind, "names": list(each.names),
                         **({"now": list(each.now)} if each.now else {})}
                        for each in comparison.identifiers],
        "rows": [{"section": str(rows.section), "old": rows.old, "new": rows.new} for rows in comparison.rows],
        "shortfalls": [{"what": each.what, "done": each.done, "of": each.of} for each in comparison.shortfalls],
    }  # fmt: skip
    return values if short else {**values, "changes": list(changes_json(comparison))}


def changes_json(comparison: Comparison) -> Iterator[dict[str, str]]:
    """Each block that changed, with the words of both sides."""
    for item in comparison.changes:
        if isinstance(item, Change):
            for block in item.blocks:
                yield {"sort": block.sort, "section": str(item.section), "kind": block.kind, **_sides(block.html)}
        elif not item.moved_away:
            yield {"sort": item.sort, "section": str(item.name), "kind": "section", **_sides(item.html)}


def _rendered(config: RecordConfig, document: Document) -> RenderedText:
    facts = tuple(FactJob(field.value) for field in document.header.fields)
    body = "" if document.form == "html" else document.body
    job = TextJob(document.path, body, (), facts, config.identifiers, ())
    return text_with(job, lambda path: f"/{PurePosixPath(path).name}")


def _sides(html: str) -> dict[str, str]:
    return {"old": side_text(html, "old"), "new": side_text(html, "new")}


def _document_json(document: Document) -> dict[str, Any]:
    return {
        "path": document.path,
        "title": document.title,
        "version": str(document.version) if document.version else None,
        "date": document.date.isoformat() if document.date else None,
        "sha256": document.sha256,
    }


def _tally_json(tally: Tally) -> dict[str, Any]:
    counts = {sort: getattr(tally, sort) for sort in STATES[1:]}
    return {"kind": tally.kind, **{sort: number for sort, number in counts.items() if number}}
