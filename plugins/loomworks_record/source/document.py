"""Documents: one filed file each, with what its bytes and its name say of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from dataclasses import replace as dataclass_replace
from datetime import date
from functools import cached_property, lru_cache

from msgspec.structs import replace

from loomworks_record import lazy
from loomworks_record.kept.spool import InMemory, KeptBytes
from loomworks_record.source import html_header, names
from loomworks_record.source.dates import first_date, has_invalid_date, header_date, is_date_like
from loomworks_record.source.decode import DecodedText, decode
from loomworks_record.source.folding import fold_markdown
from loomworks_record.source.front_matter import parse_front_matter
from loomworks_record.source.header import Header, parse_header
from loomworks_record.source.kinds import REQUESTS, KindTable, Role
from loomworks_record.source.labels import FIELDS, Field
from loomworks_record.source.lookalikes import header_lookalike
from loomworks_record.source.names import COMMON, OF_FOLDER, Name, Notation
from loomworks_record.source.neighbour import Neighbour
from loomworks_record.source.other_header import complete, visible_start
from loomworks_record.source.problem import Problem, unreadable
from loomworks_record.source.statuses import NOT_IN_LINK, status_fields
from loomworks_record.source.version import said_version, same_version

# The first line of a pointer file, now and in its first releases; its bytes at most (git-lfs, its specification).
_POINTER = (b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/")
POINTER_SIZE = 1024
LARGE = 1 << 20  # bytes from which a document is reported as large
LARGEST = 100_000_000  # bytes of one document
_BEFORE_ROOT = r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*"
_PAGE = lazy.regex(_BEFORE_ROOT + r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_ELEMENT = lazy.regex(
    _BEFORE_ROOT + r"<(?:title|meta|style|div|main|header|article|section|h1|p)\b", re.IGNORECASE | re.DOTALL
)
_MARKDOWN_HEADING = lazy.regex(r"^#{1,6}\s", re.MULTILINE)
_LETTER = lazy.regex(rb"[0-9A-Za-z]")  # in UTF-8 each such byte is that letter: no need to decode the whole
_FENCE = "`" * 12
_NUMBERED = lazy.regex(r"\W*(?:[A-Z]\W*$|[^\n]{0,20}\d)")  # "C", "$Revision: 3 $"; not "Draft"
_SENTENCE_END = lazy.regex(rf"(?<=[^\s.A-Z])\.(?=\s+[A-Z(]){NOT_IN_LINK}|(?<=[^\s.])\.$")


@dataclass(frozen=True, kw_only=True)
class Document(Neighbour):
    """One version of one thing: what others see of it, and what was filed.

    ``filed`` has the filed bytes, never rewritten; ``sha256`` is their digest in hex, by which documents are compared.
    ``encoding`` is None when the bytes are not text. ``is_read`` is False of one that the program failed to read: its
    header is empty, whatever was filed.
    """

    filed: KeptBytes = dataclass_field(compare=False, repr=False)
    sha256: str
    header: Header
    encoding: str | None
    is_read: bool = True

    @property
    def key(self) -> str:
        """What stands for the filed bytes, and for what was read of them, in the keys of what is kept."""
        return self.sha256 if self.is_read else f"{self.sha256} unread"

    def problem(self, code: str, message: str, line: int | None = None) -> Problem:
        """What is wrong or doubtful in it."""
        return Problem(self.path, line, code, message)

    @property
    def data(self) -> bytes:
        """The filed bytes. Of a large record they are on the disk: who needs them twice holds them."""
        return self.filed.read()

    @property
    def size(self) -> int:
        """The filed bytes, counted."""
        return self.filed.size

    @cached_property
    def is_pointer(self) -> bool:
        """Whether a pointer of Git LFS lies where the document should."""
        return self.size < POINTER_SIZE and is_pointer(self.data)

    @property
    def text(self) -> str:
        """The filed text with LF line ends; "" when the bytes are not text."""
        return _decoded(self.filed).text or ""

    @property
    def body(self) -> str:
        """The text after the header. Of an HTML document, the whole text.

        Front matter that cannot be read stands before it as code, as it was filed.
        """
        if self.form == "html":
            return self.text
        above = self.header.body_line - 1
        *lines, body = self.text.split("\n", above)
        if len(lines) < above:
            lines, body = [*lines, body], ""
        if self.header.front_matter_error:
            return "\n".join([_FENCE + "yaml", *lines[: self.header.start], _FENCE, "", body])
        return body

    @cached_property
    def declared_status(self) -> str | None:
        """The first sentence of the document's own status, without its point."""
        status = self.header.first("status")
        return first_sentence(status) if status else None


@lru_cache(maxsize=2)  # who reads a document asks for its text several times
def _decoded(filed: KeptBytes) -> DecodedText:
    return decode(filed.read())


def is_pointer(data: bytes) -> bool:
    """Whether these are the bytes of a pointer of Git LFS."""
    return data.startswith(_POINTER)


def pointer_problem(path: str, what: str) -> Problem:
    return Problem(path, 1, "file-is-pointer", f"it is a pointer of Git LFS, not the {what}: run 'git lfs pull'")


def read_document(
    path: str, data: bytes, kinds: KindTable, notation: Notation = COMMON, sha256: str | None = None
) -> Document:
    """The document filed at ``path`` with the bytes ``data``, whose digest may be known. Never fails: see
    ``document_problems``."""
    named = named_document(path, data, kinds, notation, sha256)
    name, text = named.name, named.text
    if named.form == "html":
        header = _with_labels(html_header.parse_html_header(text), dict(notation.labels))
    else:
        header = _own_header(text, dict(notation.labels)) if notation.labels else _markdown_header(text)
    title = _front_title(header) or plain_words(header.title) or header.first("subject") or named.title
    number = _cr_number(kinds, named.role, header, title)
    return dataclass_replace(
        named, header=header, title=title, date=_date(header, name), cr_number=number, is_read=True
    )


def read_guarded(
    path: str, data: bytes, kinds: KindTable, notation: Notation = COMMON, sha256: str | None = None
) -> tuple[Document, tuple[Problem, ...]]:
    """The document and what is doubtful in it by itself; of one that cannot be read, its name and its bytes alone."""
    try:
        document = read_document(path, data, kinds, notation, sha256)
        return document, tuple(document_problems(document))
    except Exception as wrong:
        problem = unreadable(path, "its header", wrong)
        return named_document(path, data, kinds, notation, sha256), (problem,)


def document_problems(document: Document) -> Iterator[Problem]:
    """What is doubtful in one document by itself: bytes, name, header."""
    if document.is_pointer:
        yield pointer_problem(document.path, "document")
    if document.encoding is None:
        yield document.problem("encoding-unknown", "the bytes are neither UTF-8 nor marked UTF-16 or UTF-32")
    elif document.encoding != "utf-8":
        by = "declaration (<meta charset>)" if document.encoding == "windows-1252" else "byte order mark"
        message = f"the text is {document.encoding.upper()}, as its {by} says: expected UTF-8"
        yield document.problem("encoding-not-utf8", message)
    elif not _LETTER.search(document.data) and not document.text.strip():
        yield document.problem("file-empty", "the file has no text")
    if document.size > LARGE:
        yield document.problem("file-large", f"the file has {document.size:,} bytes, more than {LARGE:,}")
    yield from _name_problems(document)
    yield from _header_problems(document)


def first_sentence(text: str) -> str:
    """The first sentence of a paragraph, without its point."""
    found = _SENTENCE_END.search(text)
    return plain_words(text[: found.start()] if found else text)


def named_document(path: str, data: bytes, kinds: KindTable, notation: Notation, sha256: str | None = None) -> Document:
    """A document of which nothing but the name was read."""
    place, filed = notation.place(path), InMemory(data)
    decoded, extension = _decoded(filed), place.name.extension
    kind = kinds.of(place.name, path)
    role = kinds.role(place.name, kind)
    return Document(
        path=path,
        filed=filed,
        sha256=sha256 or hashlib.sha256(data).hexdigest(),
        name=place.name,
        form=extension[1:] or ("html" if _begins_as_html(decoded.text or "") else "md"),
        header=Header(),
        title=_title_from(place.name, path),
        kind=kind,
        encoding=decoded.encoding,
        chain=place.chain,
        archived_by_folder=place.archived,
        public_path=place.public,
        role=role,
        short_name=kinds.short_name(place.name, role),
        is_read=False,
    )


def _name_problems(document: Document) -> Iterator[Problem]:
    folder, number = names.phase_folder(document.path), document.name.phase_number
    if folder and folder.number is not None and number is not None and folder.number != number:
        yield document.problem(
            "phase-folder-mismatch", f"the name says phase {number}, the folder is '{folder.folder}'"
        )


def _header_problems(document: Document) -> Iterator[Problem]:
    header = document.header
    if header.front_matter_error:
        why = f"the front matter cannot be read: {header.front_matter_error}"
        yield document.problem("front-matter-malformed", why, 1)
    versions = header.all("version")[:1]
    is_silent = not versions and document.form == "md"
    if is_silent and (like := header_lookalike(document.text, header.title, document.name)):
        line, words, seen = like
        named = f"; the name says v{document.version}" if document.version else ""
        example = seen or document.version or "0.1"
        yield document.problem(
            "header-version-unread",
            f"'{words}' is not read as the version of this document{named}: expected a line as 'Version: {example}' "
            "below the title, if it is",
            line,
        )
    for field in versions:
        said = said_version(field.value)
        if said is not None and document.version is not None and not same_version(said, document.version):
            yield document.problem(
                "header-version-mismatch", f"the header says v{said}, the name says v{document.version}", field.line
            )
        elif said is None and _NUMBERED.match(field.value):
            yield document.problem(
                "header-version-unread",
                f"the header's version '{field.value}' is not read: expected one as {document.version or '0.1'}",
                field.line,
            )
    yield from _date_problems(document, _said_date(header))


def _date_problems(document: Document, said: Field | None) -> Iterator[Problem]:
    if said is None:
        return
    read = header_date(said.value)
    if has_invalid_date(said.value):
        yield document.problem("date-invalid", f"'{said.value}' is not a valid date", said.line)
    elif read.doubt:
        code, meant = ("date-without-day", "its first is taken") if read.day else ("date-ambiguous", "none is taken")
        yield document.problem(code, f"{read.doubt}; {meant}: expected a date such as 2026-05-12", said.line)


def _markdown_header(text: str) -> Header:
    front = parse_front_matter(text)
    header = parse_header(text, visible_start(text, front.lines), front.fields)
    if front.lines:
        header = replace(header, start=front.lines, front_matter_error=front.error)
    header = complete(text, header)
    said = tuple(status_fields(text, header))
    return replace(header, fields=(*header.fields, *said)) if said else header


def _own_labels(labels: Mapping[str, str]) -> re.Pattern[str]:
    """Finds a label of the user's where it begins a line: bold or plain, in a list, a quote, a table."""
    listed = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    after = r"(?=(?:\*\*|__)?[ \t]*(?:[:|]|\.(?:\*\*|__|[ \t])))"
    return re.compile(rf"^([ \t]*(?:[-*+>|][ \t]*)*(?:\*\*|__)?)({listed}){after}", re.MULTILINE | re.IGNORECASE)


def _date(header: Header, name: Name) -> date | None:
    """From the header; else from the sentence that says when it was produced; else from the name."""
    said = _said_date(header)
    day = header_date(said.value).day if said else None
    return day or first_date(header.first("produced") or "") or first_date(name.stem)


def _said_date(header: Header) -> Field | None:
    """The label "Date" before others that stand for it, as "Last updated"; what is a date before what is not."""
    fields = sorted(header.all("date"), key=lambda field: field.label.casefold() != "date")
    return next((field for field in fields if is_date_like(field.value)), next(iter(fields), None))


def _cr_number(kinds: KindTable, role: Role, header: Header, title: str) -> str | None:
    own = header.first("cr_number")
    if own is None and role in REQUESTS:
        own = f"{header.banner or ''} {title}"
    found = kinds.numbers.search(fold_markdown(own or ""))
    return found.group() if found else None


def _own_header(text: str, labels: Mapping[str, str]) -> Header:
    """The header where labels of the user's stand for usual ones: read as these, and called as filed."""
    own = _own_labels(labels)
    lines = text.split("\n")
    front = parse_front_matter(text).lines  # its keys stay: two of them may stand for one label
    below = own.sub(lambda found: found[1] + FIELDS[labels[found[2].casefold()]][0], "\n".join(lines[front:]))
    header = _markdown_header("\n".join([*lines[:front], below]))
    filed = (own.match(lines[field.line - 1]) for field in header.fields)
    pairs = zip(header.fields, filed, strict=True)
    fields = (replace(field, label=found[2]) if found else field for field, found in pairs)
    return _with_labels(replace(header, fields=tuple(fields)), labels)


def _with_labels(header: Header, labels: Mapping[str, str]) -> Header:
    fields = (replace(field, key=labels.get(field.label.casefold(), field.key)) for field in header.fields)
    return replace(header, fields=tuple(fields)) if labels else header


def _front_title(header: Header) -> str:
    """The title in front matter: it is given, where a heading may be that of the first section."""
    return next((field.value for field in header.all("subject") if field.line <= header.start and field.value), "")


def _title_from(name: Name, path: str) -> str:
    """The words of the name; of a README and of a name that is all version, those of the folder."""
    folder = path.split("/")[-2] if "/" in path else ""
    subject = folder if folder and (not name.subject or name.subject.casefold() in OF_FOLDER) else name.subject
    words = subject.removeprefix("loomworks-").replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else str(name)


def plain_words(text: str | None) -> str:
    """Inline markup taken off a line: emphasis, code marks, links."""
    without_links = re.sub(r"\[([^\[\]]*)\]\([^()\[]*\)", r"\1", text or "")
    return re.sub(r"(\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w))", "", without_links).strip()


def _begins_as_html(text: str) -> bool:
    return bool(_PAGE.match(text) or (_ELEMENT.match(text) and not _MARKDOWN_HEADING.search(text)))
