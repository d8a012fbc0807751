"""A passage of a document: its lines, page by page, and what holds of it now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from loomworks_record.asking.words import read
from loomworks_record.errors import UsageError
from loomworks_record.mcp.snapshot import Snapshot
from loomworks_record.pages.reading import BYTES_A_TOKEN, whole_text
from loomworks_record.pages.wording import day, full_name, joined, version_word
from loomworks_record.source.document import Document
from loomworks_record.text.sections import Section


@dataclass(frozen=True)
class LineRange:
    """Lines ``first`` to ``last`` (from 1) of the text of a document. ``section`` is the one that was asked for, if one
    was; ``within`` are all that begin in these lines."""

    document: Document
    text: str
    first: int
    last: int
    section: Section | None = None
    within: tuple[Section, ...] = ()

    @property
    def name(self) -> str:
        section = self.section
        number = f"§{section.number}" if section and section.number else ""
        return (section.identifier or number or section.title) if section else ""

    def page(self, offset: int, tokens: int) -> tuple[str, str, int | None]:
        """From the character ``offset`` on: the text of a page, its lines, and the offset of the next page."""
        body = self.text
        chunk = body[offset:].encode("utf-8", "replace")[: tokens * BYTES_A_TOKEN].decode("utf-8", "ignore")
        if offset + len(chunk) < len(body) and "\n" in chunk[len(chunk) // 2 :]:
            chunk = chunk[: chunk.rindex("\n") + 1]
        end = offset + len(chunk)
        first = self.first + body.count("\n", 0, offset)
        return chunk, f"{first}-{first + chunk.removesuffix(chr(10)).count(chr(10))}", end if end < len(body) else None


def passage(snapshot: Snapshot, document: Document, section: str, lines: str | None) -> LineRange:
    """The passage that is asked for; UsageError where the document has none such."""
    text = whole_text(document)
    if document.encoding is None:
        raise UsageError(f"{document.path} is not a text; its bytes are at {snapshot.held(document).address}")
    found = text.split("\n")
    first, last = 1, len(found)
    sections = snapshot.whole.citations.index.sections(document).sections
    asked = section_asked(snapshot, document, section) if section else None
    if asked is not None:
        first, last = asked.line, _end(sections, asked, len(found))
    if lines:
        start, end = map(int, lines.split("-"))
        if not 1 <= start <= end or start > len(found):
            raise UsageError(f"lines: expected two of 1 to {len(found):,}, the first first, got {lines}")
        first, last, asked = start, min(end, len(found)), None
    within = tuple(each for each in sections if first <= each.line <= last)
    return LineRange(document, "\n".join(found[first - 1 : last]).rstrip(), first, last, asked, within)


def section_asked(snapshot: Snapshot, document: Document, text: str) -> Section:
    """The section that is called so; UsageError with the sections that there are."""
    index = snapshot.whole.citations.index.sections(document)
    number = text.strip().removeprefix("#").lstrip("§ ").removeprefix("section ")
    found = index.addressed(text.strip().removeprefix("#")) or index.number(number)
    if found is None:
        words = read(text).words
        named = (each for each in index.sections if each.identifier and read(each.identifier).words == words)
        is_telling = any(len(word) > 2 for word in words)  # "a" begins many a title
        found = next(named, None) or (index.titled(text) if is_telling else None)
    if found is None:
        held = [each.written or each.identifier or each.title for each in index.headings]
        more = f" and {len(held) - 20:,} more" if len(held) > 20 else ""
        there = f"it has {', '.join(held[:20])}{more}" if held else "it has no sections"
        name, said = full_name(snapshot.whole.record, document), " ".join(text.split())
        raise UsageError(f"{name} has no section '{said}': {there}")
    return found


def _end(sections: Iterable[Section], asked: Section, last: int) -> int:
    """The last line of a section: of a row its own, of a label that before the next section."""
    if asked.kind == "row":
        return asked.line
    level = asked.level if asked.kind == "heading" else 7
    after = (each.line for each in sections if each.line > asked.line and each.level <= level)
    return next(after, last + 1) - 1


def holding(snapshot: Snapshot, passage: LineRange) -> str:
    """What holds of a passage, in a line: "Archived: v0.4 is in force; §12 changed in v0.3 and v0.4 (…)."."""
    record, document = snapshot.whole.record, passage.document
    chain, version = record.chain(document), version_word(document.version)
    if record.standing(document) == "current":
        held = record.in_force(document)
        since = f", in force since {day(held.since.day)}" if held and held.since else ""
        return f"Current: {version or full_name(record, document)}{since}{_last_changed(snapshot, passage)}."
    current = snapshot.in_force(document)
    if current is None:
        return "Archived: no version of it is in force, and no later one is held."
    if current.chain != document.chain and passage.section is None:
        return f"Archived: {full_name(record, current)} has replaced it, and is in force."
    name = version_word(current.version) if current.chain == document.chain else full_name(record, current)
    if passage.section is not None:
        return f"Archived: {name} is in force; {passage.name} {_became(snapshot, passage)}."
    current = next((each for each in chain.twins(current) if each.form == document.form != current.form), current)
    return f"Archived: {name} is in force; since: {snapshot.compared(document, current).headline}"


def _last_changed(snapshot: Snapshot, passage: LineRange) -> str:
    """ "; §12 dates from v0.1, last changed in v0.4", of a section whose chain can be followed."""
    record, document = snapshot.whole.record, passage.document
    through = snapshot.whole.grounds.through(record.chain(document))
    at = through.number(document.path)
    if passage.section is None or at is None:
        return ""
    threads = [through.thread(at, each.anchor) for each in passage.within]
    own = through.thread(at, passage.section.anchor)
    if own is None:
        return ""
    since, last = own.first.at, max((stage.at for each in threads if each for stage in each.changed(at)), default=0)
    version = [version_word(record.by_path[path].version) or path for path in through.versions]
    changed = f"last changed in {version[last]}" if last > since else "unchanged since"
    return f"; {passage.name} dates from {version[since]}, {changed}"


def _became(snapshot: Snapshot, passage: LineRange) -> str:
    """ "changed in v0.3 and v0.4; renumbered: Gate 7 → Gate 9", of a passage with all sections that begin in it."""
    record, found = snapshot.whole.record, []
    for each in passage.within:
        ground = snapshot.whole.grounds.at(passage.document, each.anchor)
        if ground is None and each is passage.section:
            return "cannot be followed to it: compare the two"
        found += [ground] if ground else []
    own = snapshot.whole.grounds.at(passage.document, passage.section.anchor) if passage.section else None
    if own and own.state == "gone":
        return f"is no longer there{f' (most of it is in {own.mark})' if own.mark else ''}"
    versions = {path: record.by_path[path] for each in found for _, path, _ in each.versions}
    changed = [version_word(each.version) for each in record.chain(passage.document).named() if each.path in versions]
    moved = [each for each in found if each.mark and each.state != "gone"]
    said = [f"changed in {joined(changed)}" if changed else "reads the same in it"]
    if moved:
        from loomworks_record.pages.compare_words import series  # noqa: PLC0415 - see Snapshot.compared

        said.append(f"renumbered: {', '.join(series([each.name for each in moved], [each.mark for each in moved]))}")
    return "; ".join(said)
