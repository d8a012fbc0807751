"""Labels and words of a status: what stands where headers stand, known or not, and the rows that would have it read."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from loomworks_record import lazy
from loomworks_record.adoption.names import Finding, ProposedRow
from loomworks_record.record.chains import Chain
from loomworks_record.record.record import Record
from loomworks_record.source.dates import first_date, header_date
from loomworks_record.source.document import Document
from loomworks_record.source.labels import FIELDS, Field, field_of
from loomworks_record.source.statuses import DEFAULT_STATUSES, Means
from loomworks_record.source.version import said_version, same_version

_FEWEST = 3  # documents that bear a label of their own
_MOST = 0.9  # of the values of a label are of one sort
_TOP = 30  # lines after the title in which a plain label is looked for
_SHORT = 60  # characters of a value that is a date, a version or a status and little else
_PLAIN = lazy.regex(
    r"^\s*(?:[-*+>|]\s*)?(?:\*\*|__)?(?P<label>[^\W\d_][\w'’/& -]{1,40}?)(?:\*\*|__)?\s*:(?:\*\*|__)?\s+(?P<value>\S.*)"
)
# Dates of something else than the document: what is still to come, who was born, what was looked at.
_OTHER_DATES = lazy.regex(
    r"due|deadline|expir|until|review|next|target|end\b|ended|finish|plan|expect|eta\b|birth|born|valid|event|meeting"
    r"|data|coverage|period|from\b|to\b|last.?call|retire|supersed|withdr|frist|fällig|ablauf|nächst|bis\b|gültig"
    r"|prüf|termin|éché|prochain|valab|révis|vence|caduc|próxim|revis[ió]|scad|pross",
    re.IGNORECASE,
)
_STAGES = frozenset({
    "draft", "proposed", "accepted", "approved", "final", "review", "implemented", "published", "provisional", "living",
})  # fmt: skip
_FIRST_WORD = lazy.regex(r"[*_~` ]*(?P<word>[^\W\d_]+)(?=$|[\s,.;:()*_–—])")
# Words beyond those that are read without a row, and what they mean wherever they are a document's status.
_NOT_IN_FORCE = (
    "veraltet", "zurückgezogen", "aufgehoben", "ungültig", "obsolète", "abrogé",
    "abrogée", "retiré", "obsoleto", "derogado",
)  # fmt: skip
_REPLACED = ("ersetzt", "abgelöst", "remplacé", "remplacée", "sustituido", "sostituito")
_USUAL_WORDS: Mapping[str, Means] = {
    **dict.fromkeys(_NOT_IN_FORCE, "not-in-force"), **dict.fromkeys(_REPLACED, "replaced")
}  # fmt: skip


def label_rows(record: Record) -> Iterator[ProposedRow]:
    """Labels of which nearly every value is a date, a version or a status, of documents that say none otherwise."""
    borne = _borne(record.documents)
    for label, values in sorted(borne.items()):
        if len(values) < _FEWEST or len(label) < 2:
            continue
        gained = _as_dates(label, values, record.chains) or _as_status(values) or _as_versions(values)
        if gained:
            field, count, said = gained
            yield ProposedRow("labels", {label: field}, count, said)


def status_rows(record: Record) -> Iterator[ProposedRow]:
    """Words that a status begins with, which mean what the table does not have yet."""
    known = {row.word.casefold() for row in record.config.statuses}
    held: dict[str, list[str]] = defaultdict(list)
    for document in record.documents:
        said = (document.header.first("status") or "").casefold().lstrip("*_~` ")
        for word in _USUAL_WORDS.keys() - known:
            if re.match(rf"{re.escape(word)}(?![\w-])", said):
                held[word].append(document.path)
    for word, paths in sorted(held.items()):
        means = _USUAL_WORDS[word]
        yield ProposedRow("statuses", {"word": word, "means": means}, len(paths), f"a status begins so: {paths[0]}")


def seen_labels(documents: Sequence[Document]) -> Iterator[Finding]:
    """Known labels by the field that they stand for; others by their own words, most frequent first."""
    known: dict[str, Counter[str]] = defaultdict(Counter)  # field → its labels as filed
    for field in (field for document in documents for field in document.header.fields if field.key in FIELDS):
        known[field.key][field.label[:1].upper() + field.label[1:]] += 1
    for labels in sorted(known.values(), key=lambda labels: -labels.total()):
        yield Finding("Labels", labels.most_common(1)[0][0], labels.total())
    borne = sorted(_borne(documents).items(), key=lambda each: -len(each[1]))
    for label, values in borne:
        if len(values) > 1:
            yield Finding("Labels", label, len(values), "not known", tuple(sorted({v for _, v in values}, key=len))[:2])


def seen_statuses(record: Record) -> Iterator[Finding]:
    """What statuses begin with, a word of the table or else one word, with what it means for the standing."""
    counted = Counter[str]()
    means = {row.word.casefold(): row.means for row in record.config.statuses}
    known = "|".join(re.escape(word) for word in sorted(means, key=len, reverse=True))
    first = re.compile(rf"(?:{known})(?!\w)|[^\W\d_]+" if known else r"[^\W\d_]+")
    for document in record.documents:
        found = first.search((document.declared_status or "").casefold())
        counted.update([found.group()] if found else [])
    for word, count in counted.most_common():
        yield Finding("Status", word.capitalize(), count, means.get(word, "").replace("-", " "))


def _borne(documents: Iterable[Document]) -> dict[str, list[tuple[Document, str]]]:
    """Label that is not known → (document, value) of those that bear it where headers stand."""
    found: dict[str, list[tuple[Document, str]]] = defaultdict(list)
    for document in documents:
        seen: set[str] = set()
        for field in _fields(document):
            label = field.label.replace("_", " ").strip()
            if field.key not in FIELDS and field_of(label) is None and label.casefold() not in seen and field.value:
                seen.add(label.casefold())
                found[field.label].append((document, field.value))
    return found


def _fields(document: Document) -> Iterator[Field]:
    """The header's, and lines of plain labels near the top that no header has."""
    yield from (field for field in document.header.fields if field.key not in ("status", "banner"))
    if document.form == "html" or not document.is_read:
        return
    lines = document.text.split("\n", document.header.body_line + _TOP)
    begin = max(document.header.body_line - 1, document.header.start)
    for number, line in enumerate(lines[begin : begin + _TOP], begin + 1):
        if line.startswith(("#", "```", "~~~")):
            return
        found = _PLAIN.match(line)
        if found and len(found["value"]) < _SHORT:
            yield Field(found["label"], "", found["value"].strip("|* "), number)


def _as_dates(
    label: str, values: Sequence[tuple[Document, str]], chains: Sequence[Chain]
) -> tuple[str, int, str] | None:
    days = {document.path: day for document, value in values if len(value) < _SHORT and (day := header_date(value).day)}
    new = [document for document, _ in values if document.date is None and document.path in days]
    if len(days) < _MOST * len(values) or len(new) < _FEWEST or _OTHER_DATES.search(label):
        return None
    named = [(days[d.path], day) for d, _ in values if d.path in days and (day := first_date(d.name.stem))]
    if sum(one != other for one, other in named) > len(named) / 10:
        return None
    for chain in chains:
        ordered = [days[document.path] for document in chain.versions if document.path in days]
        if any(after < before for before, after in pairwise(ordered)):
            return None
    return "Date", len(new), f"{len(days)} of {len(values)} values are dates, of documents that have no other"


def _as_status(values: Sequence[tuple[Document, str]]) -> tuple[str, int, str] | None:
    new = [(d, value) for d, value in values if d.header.first("status") is None]
    first = [found["word"] for _, value in new if (found := _FIRST_WORD.match(value.casefold()))]
    known = _STAGES | {row.word for row in DEFAULT_STATUSES} | _USUAL_WORDS.keys()
    fits = sum(word in known for word in first)
    long = any(len(value) > _SHORT for _, value in new)
    if len(new) < _FEWEST or fits < _MOST * len(new) or long or len({value for _, value in new}) > len(new) / 2 + 1:
        return None
    return "Status", len(new), f"{fits} of {len(values)} values begin with a word of a status"


def _as_versions(values: Sequence[tuple[Document, str]]) -> tuple[str, int, str] | None:
    """Only where names say the same: a version of anything else may stand under any label."""
    new = [(d, value) for d, value in values if d.version is not None and d.header.first("version") is None]
    same = [d for d, value in new if (said := said_version(value)) and d.version and same_version(said, d.version)]
    if len(same) < _FEWEST or len(same) < _MOST * len(new):
        return None
    return "Version", len(same), f"{len(same)} of {len(new)} values are the version in the name"
