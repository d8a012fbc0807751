"""Forms of versions that need a row: found in names, and proposed where what they part are versions of one thing; and
what is seen in a folder, and the rows that are proposed for it, as values.

A version is the one before it with a part of its words changed. Reports from one template, minutes and chapters have
names that count in the same way, and are not alike.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any

from msgspec import Struct, structs

from loomworks_record.record.chains import chain_problems, chains, rank
from loomworks_record.source.document import Document
from loomworks_record.source.names import OF_FOLDER, Notation, VersionForm, compiled
from loomworks_record.source.version import said_version

_DAY = r"(?P<date>(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01]))"
_NUMBERS = r"\d{1,3}(?:[._]\d{1,3}){0,2}"
# Forms that only the documents themselves tell from a number of a chapter, a day or a product. SEP is one mark.
_AT_END = (
    rf"SEP[vV](?P<version>{_NUMBERS})[-_. ]{_DAY.replace('?P<date>', '?:')}$",
    r"SEP[vV][-_. ](?P<version>\d{1,3}(?:[._]\d{1,3}){1,2})$",
    r"(?<!\d)SEP(?P<number>\d{2,3})$",
    r"(?<!\d)SEP(?P<number>\d)$",
    r"SEPr(?:ev(?:ision)?)?[-_. ]?(?P<number>\d{1,3})$",
    r"SEP(?P<number>\d{1,2})(?:e|ed|edition)$",
    r"(?<!\d)SEP(?P<version>\d{1,3}[._]\d{1,3}(?:[._]\d{1,3})?)$",
    r"SEP\((?P<number>\d{1,3})\)$",
    rf"SEP{_DAY}$",
)
_AT_START = (rf"^{_DAY}SEP",)
_WHOLE = (r"^(?P<version>\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)$",)
_INSIDE = (rf"SEPv(?P<version>{_NUMBERS})(?P<rest>SEP.+)$",)
_OF_FOLDERS = (
    rf"v(?P<version>{_NUMBERS})",
    r"(?P<version>\d{1,3}[._]\d{1,3}(?:[._]\d{1,3})?)",
    _DAY,
    r"(?P<number>(?:19|20)\d\d)",
    r"(?:r|rev|revision|draft|release|edition|version|ver|cr|wd)[-_. ]?(?P<number>\d{1,3})",
)
# Words after which a number counts parts or times, and is not a version.
COUNTED = frozenset({
    "phase", "step", "part", "chapter", "section", "appendix", "annex", "volume", "vol", "book", "page", "milestone",
    "day", "week", "month", "year", "sprint", "round", "level", "tier", "stage", "lesson", "module", "unit", "block",
    "run", "cycle", "session", "batch", "wave", "task", "case", "test",
})  # fmt: skip
_ORDINALS = ["zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_EDITION = re.compile(r"\d(?:e|ed|edition)$|r(?:ev(?:ision)?)?[-_. ]?\d+$", re.IGNORECASE)
_TOP = 1_000  # characters in which a text says which edition it is
_MARKS = ("-", "_", ".", " ")
_MOST_BESIDE = 6  # documents whose words are left out of a comparison
_MOST_SUBJECTS = 8  # named one by one in a pattern
_ERRORS = frozenset({"version-duplicate", "older-outside-newer-archived"})
_COMPARED = 12_000  # characters that are compared
_RUN = 5  # words in a row
_FEW = 20  # runs: a shorter text says little
_TAGS = re.compile(r"<(style|script)\b.*?(?:</\1>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_MOST, _TITLED = 0.5, 0.3  # shares of the runs of the shorter text; the lesser where both have the same title


class _Found(Struct, frozen=True):
    """What a form reads: the documents, with the subject of each; those of them that are versions for sure."""

    form: VersionForm
    documents: Mapping[str, Document]
    sure: frozenset[str]


def version_rows(documents: Sequence[Document], notation: Notation) -> Iterator[ProposedRow]:
    """Rows of ``versions``, each safe by itself: what it reads otherwise are versions, and no error comes of it."""
    taken: set[str] = set()
    for each in (*_of_names(documents, notation), *_of_folders(documents, notation)):
        found = structs.replace(each, sure=each.sure - taken)
        for form in _narrowed(found) if found.sure else ():
            changed = _changed(documents, notation, form)
            if changed and _is_safe(documents, notation, form, changed, found):
                taken |= changed.keys()
                value = {"pattern": form.pattern} | ({"of": "folder"} if form.of == "folder" else {})
                yield ProposedRow("versions", value, len(changed), _reason(changed, form))
                break


def read_again(documents: Iterable[Document], notation: Notation) -> list[Document]:
    """The documents with the names that another notation gives them."""
    read = []
    for document in documents:
        place = notation.place(document.path)
        if (place.name, place.chain, place.archived) == (document.name, document.chain, document.archived_by_folder):
            read.append(document)
        else:
            named = replace(document, name=place.name, chain=place.chain)
            read.append(replace(named, archived_by_folder=place.archived, public_path=place.public))
    return read


def with_form(notation: Notation, form: VersionForm) -> Notation:
    return structs.replace(notation, forms=(*notation.forms, form))


def _changed(documents: Sequence[Document], notation: Notation, form: VersionForm) -> dict[str, Document]:
    """Path → the document as the form has it, of those that it reads otherwise."""
    pattern = compiled(form.pattern)
    reached = [
        each
        for each in documents
        if (pattern.search(each.name.stem) if form.of == "name" else any(map(pattern.fullmatch, each.path.split("/"))))
    ]
    again = read_again(reached, with_form(notation, form))
    return {new.path: new for old, new in zip(reached, again, strict=True) if new is not old}


def _of_names(documents: Sequence[Document], notation: Notation) -> Iterator[_Found]:
    patterns = [
        pattern.replace("SEP", re.escape(mark) if mark in ". " else mark)
        for pattern in (*_AT_END, *_INSIDE, *_AT_START)
        for mark in _MARKS
    ]
    for pattern in (*patterns, *_WHOLE):
        form = VersionForm(pattern)
        found = _changed(documents, notation, form)
        sure = _sure(found, documents, header=True) if found else frozenset()
        if sure:
            yield _Found(form, found, sure)


def _of_folders(documents: Sequence[Document], notation: Notation) -> Iterator[_Found]:
    for pattern in _OF_FOLDERS:
        form = VersionForm(pattern, "folder")
        found = _changed(documents, notation, form)
        sure = _sure(found, documents, header=False) if found else frozenset()
        if sure and len(sure) >= len(found) / 2:
            yield _Found(form, found, frozenset(found))


def _sure(found: Mapping[str, Document], documents: Sequence[Document], *, header: bool) -> frozenset[str]:
    """The paths of those that are versions: alike with others of their chain, or their header says that version."""
    groups: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for document in found.values():
        if _is_counted(document) or document.name.subject.casefold() in OF_FOLDER:
            continue
        groups[document.chain, document.name.extension].append(document)
    living = {(each.chain, each.name.extension): each for each in documents if each.version is None}
    sure: set[str] = set()
    for key, held in groups.items():
        ordered = sorted(held, key=rank)
        dated = ordered[0].version is not None and ordered[0].version.is_day
        if dated and key in living and living[key].path not in found:
            ordered.append(living[key])
        if are_versions(ordered, _beside(ordered, documents)):
            sure |= {each.path for each in held}
        elif header:
            sure |= {each.path for each in held if _says_so(each)}
    return frozenset(sure)


def _beside(held: Sequence[Document], documents: Iterable[Document]) -> Iterator[Document]:
    """Some documents that lie beside those, and are neither one of them nor named after them."""
    folders, subject = {_folder(each) for each in held}, held[0].name.subject
    paths = {each.path for each in held}
    named = (each for each in documents if not (subject and each.name.stem.startswith(subject)))
    found = (each for each in named if each.path not in paths and _folder(each) in folders)
    found = (each for each in found if each.form == held[0].form)
    return islice(found, _MOST_BESIDE)


def _folder(document: Document) -> str:
    return document.path.rpartition("/")[0]


def _is_counted(document: Document) -> bool:
    """Whether the title counts as the name does: "Chapter 2" of "chapter-2.md" does not follow "Chapter 1"."""
    number = document.version.shown if document.version and not document.version.is_day else ""
    plain = number.lstrip("0") or "0"
    counted = rf"(?<![\w./])(?<!version )(?<!draft )(?<!revision )(?<!rev )(?<!edition )0*{plain}(?![\w.])"
    return bool(number) and re.search(counted, document.header.title or "", re.IGNORECASE) is not None


def _says_so(document: Document) -> bool:
    """Whether the header says the very version, in more than one number; or the top of the text which edition it is."""
    own = document.version
    if own is None or own.is_day:
        return False
    if not own.shown:
        value = document.header.first("version")
        read = said_version(value) if value else None
        return read is not None and (read.major, read.minor) == (own.major, own.minor)
    if not _EDITION.search(document.name.stem):
        return False
    ordinal = _ORDINALS[own.major] if own.major < len(_ORDINALS) else "nth"
    before, after = rf"{own.major}(?:st|nd|rd|th)|{ordinal}", own.major
    said = rf"\b(?:(?:{before}) (?:edition|revision)|(?:edition|revision|rev\.?) {after})\b"
    return re.search(said, document.text[:_TOP], re.IGNORECASE) is not None


def _narrowed(found: _Found) -> Iterator[VersionForm]:
    """The form as it is; for the first word that all have; for their subjects, named one by one."""
    yield found.form
    if found.form.of == "folder" or found.form.pattern in _WHOLE:
        return
    pattern = found.form.pattern
    sure = [found.documents[path] for path in sorted(found.sure)]
    rests = sorted({rest for each in sure if (rest := _rest(pattern, each))})
    if rests and len(rests) <= _MOST_SUBJECTS:
        yield VersionForm(f"{pattern.partition('(?P<rest>')[0]}(?P<rest>{'|'.join(map(_quoted, rests))})$")
        return
    if rests or pattern.startswith("^"):
        subjects = sorted({_quoted(each.name.subject) for each in sure})
        if not rests and len(subjects) <= _MOST_SUBJECTS:
            yield VersionForm(f"{pattern}(?P<subject>{'|'.join(subjects)})$")
        return
    first = {re.split(r"[-_. ]", each.name.subject)[0] for each in sure}
    if len(first) == 1 and len(word := next(iter(first))) > 2:
        yield VersionForm(f"^(?P<subject>{_quoted(word)}.*){pattern}")
    subjects = sorted({_quoted(each.name.subject) for each in sure})
    if len(subjects) <= _MOST_SUBJECTS:
        yield VersionForm(f"^(?P<subject>{'|'.join(subjects)}){pattern}")


def _quoted(text: str) -> str:
    return re.sub(r"\\([- ])", r"\1", re.escape(text))


def _rest(pattern: str, document: Document) -> str:
    found = re.search(pattern, document.name.stem) if "<rest>" in pattern else None
    return found["rest"] if found else ""


def _is_safe(
    documents: Sequence[Document], notation: Notation, form: VersionForm, changed: Mapping[str, Document], found: _Found
) -> bool:
    """What it reads otherwise had no version and is sure, or bears no mark of anything else; no error comes of it."""
    by_path = {document.path: document for document in documents}
    if any(by_path[path].version is not None for path in changed):
        return False
    unsure = changed.keys() - found.sure
    if unsure and not _is_general(form, changed, found):
        return False
    before = errors(documents)
    return errors(read_again(documents, with_form(notation, form))) <= before


def _is_general(form: VersionForm, changed: Mapping[str, Document], found: _Found) -> bool:
    """Whether those that stand alone may be read with the rest: the first word of all is the same, most are sure, and
    hardly one has others of its chain beside it."""
    if not form.pattern.startswith("^(?P<subject>"):
        return False
    alone = changed.keys() - found.sure
    words = {re.split(r"[-_. ]", changed[path].name.subject.casefold())[-1] for path in alone}
    if words & COUNTED or any(_is_counted(changed[path]) for path in alone):
        return False
    held = Counter((document.chain, document.name.extension) for document in changed.values())
    several = sum(held[changed[path].chain, changed[path].name.extension] > 1 for path in alone)
    return len(alone) <= len(found.sure) and several * 10 <= len(changed)


def errors(documents: Iterable[Document]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (problem.code, problem.path)
        for chain in chains(documents) for problem in chain_problems(chain) if problem.code in _ERRORS
    )  # fmt: skip


def _reason(changed: Mapping[str, Document], form: VersionForm) -> str:
    held = len({document.chain for document in changed.values()})
    example = min(changed).rpartition("/")[2] if form.of == "name" else min(changed)
    where = "folders" if form.of == "folder" else "names"
    if "<date>" in form.pattern:
        return f"dates in {where} tell copies of one document apart: {example}"
    if held == len(changed):
        return f"numbers in {where} are the versions that the documents say: {example}"
    of = f"{held} documents" if held > 1 else "one document"
    return f"numbers in {where} tell versions of {of} apart: {example}"


def are_versions(documents: Sequence[Document], others: Iterable[Document] = ()) -> bool:
    """Whether most of some documents, in their order, are alike the one before, beside what ``others`` have too: what
    a template gives to every page says nothing."""
    counted = Counter(run for each in others for run in _runs(_top(each)))
    common = frozenset(run for run, count in counted.items() if count > 1)
    pairs = [alike(before, after, common) for before, after in pairwise(documents)]
    return bool(pairs) and sum(pairs) > len(pairs) / 2


def alike(one: Document, other: Document, common: frozenset[int] = frozenset()) -> bool:
    few, many = sorted((_runs(_top(each)) - common for each in (one, other)), key=len)
    if len(few) < _FEW:
        return False
    same_title = bool(one.header.title) and _letters(one) == _letters(other)
    return len(few & many) / len(few) >= (_TITLED if same_title else _MOST)


def _letters(document: Document) -> str:
    return re.sub(r"\bv?\d+(?:[._]\d+)+\b|\bv\d+\b|[\W_]+", "", document.header.title or "").casefold()


def _top(document: Document) -> str:
    text = document.text[: 40 * _COMPARED]
    return (_TAGS.sub(" ", text) if document.form == "html" else text)[:_COMPARED]


@lru_cache(maxsize=4096)
def _runs(text: str) -> frozenset[int]:
    words = re.findall(r"\w+", text)
    return frozenset(hash(tuple(words[at : at + _RUN])) for at in range(len(words) - _RUN + 1))


class Finding(Struct, frozen=True):
    """One thing recognised. ``sort`` is its heading ("Versions"), ``name`` what it is ("-v0.2"), ``count`` in how many
    documents, ``note`` what it means ("" where it is simply read)."""

    sort: str
    name: str
    count: int
    note: str = ""
    examples: tuple[str, ...] = ()


class ProposedRow(Struct, frozen=True):
    """A proposed row. ``value`` is what stands below ``option``: an item of its list, or a part of its mapping.
    ``count`` is how many documents are read otherwise by it, ``reason`` what was found."""

    option: str
    value: Any
    count: int
    reason: str
