"""What a document may not be if it is to be filed: each rule a generator of refusals, its docstring the rule."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from loomworks_record.bundle.log import WITHDRAWAL, Entry, Log
from loomworks_record.filing.values import FiledDocument, IncomingFile, Refusal
from loomworks_record.filing.versions import plain_subject
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.lookalikes import version_lookalike
from loomworks_record.source.names import ARCHIVE, COMMON, Notation
from loomworks_record.source.publishable import LONGEST_NAME
from loomworks_record.source.store import unread
from loomworks_record.source.version import Version, said_version, version_key

_SUBJECT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII)
_SECOND_DOWNLOAD = re.compile(r" ?\(\d+\)(?=\.[a-z]+\Z)")
_TITLE_WORD = re.compile(r"[^\W\d_]{4,}")
_PHASE_NUMBER = re.compile(r"\s*(?:phase\s+)?0*(\d{1,6})\b", re.IGNORECASE)


class ChainHistory(Struct, frozen=True):
    """What the record and its log hold of the chain ``id``: versions oldest first, and the log entries in force."""

    id: str
    held: tuple[Document, ...]
    entries: tuple[Entry, ...]

    @property
    def newest(self) -> Document | None:
        """Of two forms the .md, of two places the one outside ``archive/``."""
        return next((held for held in self.held if held.version == self.held[-1].version), None)


def chained(record: Record, log: Log, identity: str) -> ChainHistory:
    chain = record.chain_by_id.get(identity)
    held = tuple(document for document in chain.versions if document.version) if chain else ()
    notation = record.config.notation
    logged = tuple(entry for entry in log.in_force.values() if notation.place(entry.path).chain == identity)
    return ChainHistory(identity, held, logged)


def name_refusals(
    incoming: IncomingFile, notation: Notation = COMMON, forms: Collection[str] = ()
) -> Iterator[Refusal]:
    """A name follows the grammar, and is short enough for a page to be made of it.

    A version is written as -v0_2, or in one of the ``forms`` that the record holds already.
    """
    name, filename = notation.name(incoming.filename), incoming.filename
    expected = "expected [loomworks-]<subject and kind>-v<major>_<minor>[_<patch>].(md|html)"

    def refusal(message: str) -> Refusal:
        return Refusal("name-grammar", incoming.given, message)

    if len(filename.encode()) > LONGEST_NAME:
        yield refusal(f"the name has {len(filename.encode())} bytes, expected at most {LONGEST_NAME}; shorten it")
    elif _SECOND_DOWNLOAD.search(filename):
        plain = _SECOND_DOWNLOAD.sub("", filename)
        yield refusal(f"'{filename}' is the name of a second download; see that it is the right one, name it '{plain}'")
    elif not name.extension:
        yield refusal(f"'{filename}' does not end in .md or .html; {expected}")
    elif name.version is None:
        like = version_lookalike(name)
        got = f"'{like.seen}' is not read as a version" if like else "it has no version"
        yield refusal(f"{got} in '{filename}'; {expected}, as in -v0_1{name.extension}; rename it")
    elif name.form and name.form not in forms:
        got = f"v{name.version} in '{filename}' is written as no other version of this record is"
        yield refusal(f"{got}; {expected}; name it '{name.subject}-{name.version.slug}{name.extension}'")
    elif not _SUBJECT.fullmatch(name.subject) or name.subject.lower() == ARCHIVE:
        got = "has other characters than letters, digits, '.', '-' and '_', or does not begin with a letter or digit"
        yield refusal(f"'{filename}' {got}; {expected}; rename it")


def text_refusals(incoming: IncomingFile, document: Document) -> Iterator[Refusal]:
    """A document has text that can be read."""
    if document.encoding is None:
        yield Refusal(
            "unreadable", incoming.given,
            "the bytes are neither UTF-8 nor marked UTF-16 or UTF-32; save it as UTF-8 text",
        )  # fmt: skip
    elif not document.text.strip():
        yield Refusal("unreadable", incoming.given, "the file has no text; is the download complete?")


def header_refusals(filed: FiledDocument) -> Iterator[Refusal]:
    """The header says a version, and it is that of the name; a phase that it says is that of the name."""
    document, given = filed.document, filed.given
    said = next(iter(document.header.all("version")), None)
    if said is None:
        error = document.header.front_matter_error
        why = f"the front matter cannot be read ({error})" if error else "the header says no version"
        yield Refusal(
            "header-missing", given, f"{why}; expected a line 'Version. {document.version}' after the title; add it"
        )
        return
    version = said_version(said.value)
    if version is None or version != document.version:
        place = next((p for p in filed.places if p.family == "version-line" and p.key not in filed.changed), None)
        got = f"v{version}" if version else f"'{said.value[:40]}'"
        fix = f", or let it be changed with --fix {place.key}" if place else ", or rename the file"
        yield Refusal(
            "header-mismatch", given,
            f"line {said.line}: the header says {got}, expected v{document.version} as in the name; mend the line{fix}",
            fix=place.key if place else None,
        )  # fmt: skip
    yield from _phase_refusals(filed)


def unreadable_refusals(filed: FiledDocument, record: Record) -> Iterator[Refusal]:
    """No version is filed beside one that cannot be read, or beside a folder of which nobody knows what it holds."""
    notation = record.config.notation
    for problem in unread(record.content):
        is_folder = not notation.name(problem.path.rpartition("/")[2]).extension
        if is_folder or notation.place(problem.path).chain == filed.document.chain:
            place = f"'{problem.path}'" if problem.path else "the content folder"
            yield Refusal("unreadable-beside", filed.given, f"{place}: {problem.message}; make it readable first")


def _phase_refusals(filed: FiledDocument) -> Iterator[Refusal]:
    document = filed.document
    said = _PHASE_NUMBER.match(document.header.first("phase") or "")
    number = document.name.phase_number
    if said and number is not None and int(said[1]) != number:
        yield Refusal(
            "other-chain", filed.given,
            f"the header says phase {int(said[1])}, expected phase {number} as in the name; see which is wrong",
        )  # fmt: skip


def version_refusals(filed: FiledDocument, chain: ChainHistory) -> Iterator[Refusal]:
    """A version is new to its chain, and later than every version that was ever filed there."""
    document, newest = filed.document, chain.newest
    same = next((held for held in chain.held if held.name == document.name), None)
    if same is not None:
        yield _taken(filed, same, chain)
        return
    if newest is None or version_key(document.version) > version_key(newest.version):
        logged = max(chain.entries, key=lambda entry: (version_key(_version(entry)), entry.sequence), default=None)
        if logged is None or version_key(document.version) > version_key(_version(logged)):
            return
        was = "withdrawn" if logged.type == WITHDRAWAL else "archived"
        got, latest = f"v{logged.version} was {was} before (log entry {logged.sequence})", _version(logged)
    elif document.version != newest.version:
        got = f"v{document.version} is older than v{newest.version}, the newest held ('{newest.path}')"
        latest = newest.version
    elif newest.archived_by_folder:
        got, latest = f"v{newest.version} lies in archive/ already ('{newest.path}')", newest.version
    else:
        return  # the other form of the newest version
    yield Refusal("backwards", filed.given, f"{got}; expected v{_next(latest)} or later")


def _taken(filed: FiledDocument, same: Document, chain: ChainHistory) -> Refusal:
    if same.sha256 == filed.document.sha256:
        said = f"is filed already as '{same.path}', with the same bytes; leave it out"
        return Refusal("already-filed", filed.given, said)
    newest = chain.newest
    following = _next(newest.version if newest else None)
    return Refusal(
        "overwrite", filed.given,
        f"v{same.version} is filed already as '{same.path}', with other bytes; file the change as v{following}",
    )  # fmt: skip


def twin_refusals(filed: FiledDocument, others: Iterable[Document]) -> Iterator[Refusal]:
    """Two forms of one version agree in date, CR number and subject."""
    document = filed.document
    for other in others:
        if other.version != document.version or other.name.extension == document.name.extension:
            continue
        pairs = (("date", document.date, other.date), ("CR number", document.cr_number, other.cr_number))
        for what, own, theirs in pairs:
            if own and theirs and own != theirs:
                yield Refusal(
                    "twin-mismatch", filed.given,
                    f"its {what} is {own}, that of its other form '{other.name}' is {theirs}; see which is wrong",
                )  # fmt: skip
                return
        if unlike(document, other):
            yield Refusal(
                "twin-mismatch", filed.given,
                f"its title is '{document.title}', that of its other form '{other.name}' is '{other.title}'; "
                f"if it is another document, give it a name of its own",
            )  # fmt: skip
            return


def identity_refusals(filed: FiledDocument, chain: ChainHistory, documents: Iterable[Document]) -> Iterator[Refusal]:
    """A CR number belongs to one chain, a chain has one CR number, and no bytes are filed under two names."""
    document = filed.document
    number, given = document.cr_number, filed.given
    before = next((h.cr_number for h in reversed(chain.held) if h.cr_number), None)
    if number and before and number != before:
        yield Refusal(
            "other-chain", given,
            f"the header says {number}, expected {before} as in '{chain.id}'; see which is wrong",
        )  # fmt: skip
        return
    for other in documents:
        if other.chain == chain.id:
            continue
        if other.sha256 == document.sha256:
            yield Refusal("already-filed", given, f"the same bytes are filed as '{other.path}'; is it the right file?")
            return
        if number and number == other.cr_number and document.role == other.role == "request":
            yield Refusal(
                "other-chain", given,
                f"{number} is the number of '{other.chain}', expected a number of its own; rename it to continue "
                f"that chain, or mend the number",
            )  # fmt: skip
            return


def sibling_refusals(filed: FiledDocument, subjects: dict[str, FiledDocument]) -> Iterator[Refusal]:
    """Documents of one call do not begin two chains whose names are all but equal. ``subjects``: those seen before."""
    other = subjects.setdefault(plain_subject(filed.document.name.subject), filed)
    if other.document.chain != filed.document.chain:
        yield Refusal(
            "fork", filed.given,
            f"'{filed.document.name.subject}' and '{other.document.name.subject}' would be two chains, and differ only "
            f"in the prefix, the zeros or the case; rename one of the two",
        )  # fmt: skip


def duplicate_refusals(incoming: Sequence[IncomingFile]) -> Iterator[Refusal]:
    """No document is given twice in one call: no name, whatever its case, and no bytes."""
    names: dict[str, IncomingFile] = {}
    contents: dict[bytes, IncomingFile] = {}
    for each in incoming:
        folded = each.filename.casefold()
        if folded in names:
            yield Refusal("duplicate", each.given, f"has the name of '{names[folded].given}'; give each document once")
        elif each.data in contents:
            other = contents[each.data].given
            yield Refusal("duplicate", each.given, f"has the same bytes as '{other}'; give each document once")
        names.setdefault(folded, each)
        contents.setdefault(each.data, each)


def archive_refusals(given: str, document: Document, target: str, log: Log) -> Iterator[Refusal]:
    """What goes to ``archive/`` is what the log says of that path, if it says anything."""
    entry = log.in_force.get(target)
    if entry is None or (entry.type != WITHDRAWAL and entry.sha256 == document.sha256):
        return
    said = "its withdrawal" if entry.type == WITHDRAWAL else f"sha256 {entry.sha256[:16]}…"
    got = f"'{document.path}' has sha256 {document.sha256[:16]}…"
    yield Refusal(
        "log-differs", given,
        f"the log has {said} for '{target}' (entry {entry.sequence}), and {got}; restore the bytes that were filed",
    )  # fmt: skip


def taken_refusals(given: str, path: str, taken: Iterable[str]) -> Iterator[Refusal]:
    """No path is taken, not even by a name that differs only in case."""
    folded = path.casefold()
    other = next((other for other in taken if other.casefold() == folded), None)
    if other is not None:
        same = "is there already" if other == path else f"differs from '{other}' only in case"
        yield Refusal("overwrite", given, f"'{path}' {same}; move that file away first, or rename this one")


def unlike(one: Document, two: Document) -> bool:
    """Whether two titles, both written by authors, have no word in common."""
    if not one.header.title or not two.header.title:
        return False
    words = [set(_TITLE_WORD.findall(document.title.casefold())) for document in (one, two)]
    return all(words) and not words[0] & words[1]


def _version(entry: Entry) -> Version | None:
    return said_version(entry.version) if entry.version else None


def _next(version: Version | None) -> str:
    return f"{version.major}.{version.minor + 1}" if version else "0.1"
