"""The tools: each takes what was asked and one reading of the record, and answers. Nothing is changed anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from loomworks_record.errors import UsageError
from loomworks_record.mcp import answers, arguments
from loomworks_record.mcp.passages import holding, passage, section_asked
from loomworks_record.mcp.search import Words, hits
from loomworks_record.mcp.snapshot import Snapshot, UnclearError
from loomworks_record.pages.api import problem_json
from loomworks_record.pages.cites import where_words
from loomworks_record.pages.dashboard import Dashboard
from loomworks_record.pages.reading import pack, whole_text
from loomworks_record.pages.trajectory_words import cycle_title, cycle_words, phase_sentence, sentence_text
from loomworks_record.pages.wording import counted, day, full_name, version_word
from loomworks_record.record.trajectories.requests import change_request
from loomworks_record.record.trajectories.trajectory import trajectory_json
from loomworks_record.source.document import Document
from loomworks_record.text.sections import Section

Item = TypeVar("Item")
_PAGE = 10  # items of an answer, unless said
_WORDS = 6_000  # bytes of the words of a comparison's page
_LONGEST_QUOTE = 300  # characters
_GRAVEST_FIRST = ("error", "warning", "notice")


@dataclass(frozen=True)
class Tool:
    """``run`` answers; ``asks`` and ``tells`` are the types of what it takes and gives."""

    name: str
    title: str
    description: str
    asks: type[arguments.Arguments]
    tells: type[answers.AnswerSchema]
    run: Callable[[Snapshot, Any], answers.AnswerSchema]


def _about(snapshot: Snapshot) -> dict[str, Any]:
    return {"read_at": snapshot.read_at.strftime("%Y-%m-%dT%H:%M:%SZ"), "source": snapshot.source}


def _offset(snapshot: Snapshot, question: Any) -> int:
    """Where the page begins that a cursor asks for; UsageError for one of another question, or of another reading."""
    if question.cursor is None:
        return 0
    key, _, number = question.cursor.partition(".")
    if key != _key(snapshot, question) or not number.isdecimal() or len(number) > 12:
        raise UsageError("cursor: it is not of this question, or the record has changed since; ask again without it")
    return int(number)


def _cursor(snapshot: Snapshot, question: Any, offset: int | None) -> str | None:
    return None if offset is None else f"{_key(snapshot, question)}.{offset}"


def _key(snapshot: Snapshot, question: Any) -> str:
    plain = msgspec.structs.replace(question, cursor=None)
    return hashlib.sha256(f"{snapshot.key} {plain!r}".encode("utf-8", "replace")).hexdigest()[:12]


def _page(snapshot: Snapshot, question: Any, items: Sequence[Item], size: int = _PAGE) -> tuple[list[Item], str | None]:
    at = _offset(snapshot, question)
    end = at + size
    return list(items[at:end]), _cursor(snapshot, question, end if end < len(items) else None)


def _line(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST_QUOTE else f"{plain[:_LONGEST_QUOTE]} …"


def resolve(snapshot: Snapshot, question: arguments.Resolve) -> answers.MeaningsSchema:
    found, said = snapshot.look(question.name, question.phase, most=100)
    record = snapshot.whole.record
    items = []
    for each in said:
        document = record.by_path.get(each["path"] or "")
        current = snapshot.in_force(document) if document else None
        now = current.path if current and each["standing"] == "archived" else None
        items.append(answers.MeaningSchema(**{**each, "address": snapshot.url_of(each["address"])}, current=now))
    first = items[0] if items else None
    if first is None:
        holds = f"Nothing is named “{question.name}”; 'search' looks for words within documents."
    elif not found.sure:
        holds = f"“{question.name}” may mean {counted(len(found.ranks), 'thing')}; say more words, or choose."
    else:
        document = record.by_path.get(first.path or "")
        stands = f": {_stands(snapshot, document)}" if document else f": {first.what}."
        holds = f"{first.name}{stands}"
    page, after = _page(snapshot, question, items, 5)
    return answers.MeaningsSchema(said=holds, sure=found.sure, items=page, next=after, **_about(snapshot))


def _stands(snapshot: Snapshot, document: Document) -> str:
    current = snapshot.in_force(document)
    chain = snapshot.whole.record.chain(document)
    if chain.standing(document) == "current":
        against = f", and its own header says “{chain.against}”" if chain.against else ""
        return f"current{f', {version_word(document.version)}' if document.version else ''}{against}."
    if current is None:
        return "archived; no version is in force."
    is_same = current.chain == document.chain and current.version
    return f"archived; {version_word(current.version) if is_same else current.path} is in force."


def read(snapshot: Snapshot, question: arguments.ReadArguments) -> answers.PassageSchema:
    try:
        document, anchor = snapshot.meant(question.name, question.phase)
    except UnclearError as unclear:
        raise UsageError("\n".join([str(unclear), *_held_of_each(snapshot, unclear)])) from None
    found = passage(snapshot, document, question.section or anchor, question.lines)
    text, lines, after = found.page(_offset(snapshot, question), question.tokens)
    return answers.PassageSchema(
        said=holding(snapshot, found),
        document=snapshot.held(document),
        section=found.section.anchor if found.section else None,
        quoted=answers.QuoteSchema(path=document.path, sha256=document.sha256, lines=lines, text=text),
        next=_cursor(snapshot, question, after),
        **_about(snapshot),
    )


def _held_of_each(snapshot: Snapshot, unclear: UnclearError) -> list[str]:
    """What holds of the first that may be meant: often that is what was asked for."""
    lines = []
    for path, anchor in unclear.candidates[:3]:
        with suppress(UsageError):  # it is not a text, or has no such section
            found = passage(snapshot, snapshot.whole.record.by_path[path], anchor, None)
            name = full_name(snapshot.whole.record, found.document)
            lines.append(f"  {name} {found.name}: {holding(snapshot, found)}")
    return lines


def context(snapshot: Snapshot, question: arguments.ContextArguments) -> answers.Pack:
    phase = snapshot.phase(question.phase)
    stories = snapshot.whole.stories
    said = phase_sentence(snapshot.whole.record, phase, stories.of(phase), stories.state(phase))
    return answers.Pack(
        said=f"{phase.heading}: {sentence_text(said)}",
        phase=phase.folder,
        pack=pack(snapshot.whole, phase, snapshot.url, question.tokens),
        **_about(snapshot),
    )


def trajectory(snapshot: Snapshot, question: arguments.TrajectoryArguments) -> answers.ToldSchema:
    record, stories = snapshot.whole.record, snapshot.whole.stories
    phase = snapshot.phase(question.phase)
    story, chain = stories.of(phase), change_request(record, phase)
    plain = trajectory_json(story)
    events: dict[int, list[Any]] = {0: plain["prologue"]}
    events |= {each["cycle"]: each["events"] for each in plain["trajectory"]}
    if question.cycle is not None and question.cycle not in events:
        raise UsageError(f"cycle: {phase.label} has {', '.join(map(str, events))}, got {question.cycle}")
    cycles = [
        answers.CycleSchema(
            cycle=each.number,
            state=each.state,
            said=". ".join(filter(None, (cycle_title(each), cycle_words(record, each)))),
            halt=each.halt,
            halted_on=each.halted.date.isoformat() if each.halted and each.halted.date else None,
            answered_by=each.answered_by,
        )
        for each in story.cycles
    ]
    page, after = _page(snapshot, question, cycles)
    sentence = sentence_text(phase_sentence(record, phase, story, stories.state(phase)))
    return answers.ToldSchema(
        said=f"{phase.heading}: {sentence}",
        phase=phase.folder,
        number=phase.number,
        state=stories.state(phase),
        in_force=snapshot.held(chain.current) if chain and chain.current else None,
        items=page,
        events=[answers.EventSchema(**each) for each in events[question.cycle]] if question.cycle is not None else [],
        next=after,
        **_about(snapshot),
    )  # fmt: skip


def compare(snapshot: Snapshot, question: arguments.Compare) -> answers.ComparedSchema:
    from loomworks_record.pages.compare import changes_json, summary_lines  # noqa: PLC0415 - see Snapshot.compared

    record = snapshot.whole.record
    old, anchor = snapshot.meant(question.old, question.phase)
    new = _other(snapshot, question, old)
    found = snapshot.compared(old, new)
    section = question.section or anchor
    wanted = section_asked(snapshot, old, section) if section else None
    if question.form == "summary":
        lines = ((sort, words) for sort, words in summary_lines(found) if wanted is None or _is_of(words, wanted))
        changes = [answers.ChangeSchema(sort=sort, where=words) for sort, words in lines]  # type: ignore[arg-type]
    else:
        changes = [
            answers.ChangeSchema(sort=each["sort"], where=each["section"], old=each["old"], new=each["new"])  # type: ignore[arg-type]
            for each in changes_json(found.comparison)
            if wanted is None or _is_of(each["section"], wanted)
        ]
    page, after = _page(snapshot, question, changes, _fitting(snapshot, question, changes))
    pair = f"{full_name(record, old)} → {full_name(record, new)}"
    more = " Not all could be compared." if found.comparison.shortfalls else ""
    stands = f" {full_name(record, old)}: {_stands(snapshot, old)}" if new is not record.current(old) else ""
    return answers.ComparedSchema(
        said=f"{pair}: {found.headline}{more}{stands}",
        old=snapshot.held(old),
        new=snapshot.held(new),
        items=page,
        next=after,
        **_about(snapshot),
    )


def _other(snapshot: Snapshot, question: arguments.Compare, old: Document) -> Document:
    """What a document is compared with: what is named, a version of its own chain ("v0.3"), or what is in force."""
    if not question.new:
        current = snapshot.in_force(old)
        if current is None or current is old:
            raise UsageError(f"{old.path} is itself the last version: name what to compare it with in 'new'")
        return current
    wanted = question.new.removeprefix("v")
    own = [each for each in snapshot.whole.record.chain(old).versions if str(each.version) == wanted]
    return own[0] if own else snapshot.meant(question.new, question.phase)[0]


def _is_of(words: str, section: Section) -> bool:
    """Whether a line of a comparison is of a section, as the comparison calls it."""
    name = section.written or section.identifier or section.title
    return words == name or words.startswith((f"{name} ", f"{name}:"))


def _fitting(snapshot: Snapshot, question: arguments.Compare, changes: Sequence[answers.ChangeSchema]) -> int:
    """How many changes make a page: as many as stay within its bytes, and one at least."""
    size, count = 0, 0
    for each in changes[_offset(snapshot, question) :]:
        size += len(str(each).encode("utf-8", "replace"))
        if count and size > _WORDS:
            break
        count += 1
    return max(count, 1)


def cited_by(snapshot: Snapshot, question: arguments.CitedByArguments) -> answers.CitedBySchema:
    record = snapshot.whole.record
    document, anchor = snapshot.meant(question.name, question.phase)
    wanted = section_asked(snapshot, document, question.section).anchor if question.section else anchor
    found = [each for each in snapshot.whole.citations.by(document.path) if not wanted or each.anchor == wanted]
    page, after = _page(snapshot, question, found)
    what = full_name(record, document) + (f" #{wanted}" if wanted else "")
    sources = len({each.source for each in found})
    said = f"{what} is cited by {counted(sources, 'document')}, {counted(len(found), 'mention')}."
    items = [
        answers.CitationSchema(
            document=snapshot.held(record.by_path[each.source]),
            where=where_words([each]),
            line=each.line,
            quote=_line(f"{each.before}{each.text}{each.after}"),
        )
        for each in page
    ]
    said = f"{said} {_stands(snapshot, document).capitalize()}"
    return answers.CitedBySchema(said=said, items=items, next=after, **_about(snapshot))


def search(snapshot: Snapshot, question: arguments.SearchArguments) -> answers.FoundSchema:
    record = snapshot.whole.record
    kinds = record.config.kinds
    asked_kind = (question.kind or "").casefold()
    chosen = [
        each for each in record.documents
        if question.standing in ("any", record.standing(each))
        and (not asked_kind or asked_kind in (each.kind, kinds.label(each.kind).casefold()))
        and question.phase in (None, each.phase)
    ]  # fmt: skip
    words = Words(question.text)
    found = hits(record, chosen, words, snapshot.texts)
    page, after = _page(snapshot, question, found)
    lines = (words.best_line(whole_text(hit.document)) for hit in page)
    items = [
        answers.HitSchema(document=snapshot.held(hit.document), line=line, count=hit.count, quote=_line(around))
        for hit, (line, around) in zip(page, lines, strict=True)
    ]
    what = "document" if question.standing == "any" else f"{question.standing} document"
    said = f"The words stand in {counted(len(found), what)} of {len(chosen):,}."
    named, meant = snapshot.look(question.text, question.phase)
    if named.sure and named.fit == "named" and meant[0]["path"]:
        said += f" “{question.text}” is also a name: see 'resolve'."
    return answers.FoundSchema(said=said, total=len(found), items=items, next=after, **_about(snapshot))


def status(snapshot: Snapshot, question: arguments.Status) -> answers.StateSchema:
    whole = snapshot.whole
    board = Dashboard(whole.stories, whole.problems)
    filed = [
        each for each in board.filings
        if question.since and (moment := whole.record.filing(each)) and moment.day >= question.since
    ]  # fmt: skip
    items = [
        answers.ItemSchema(list="needs you", title=each.title, said=_line(f"{each.tag}. {each.text}"),
                  path=each.facts.get("path") or each.facts.get("halt") or each.facts.get("folder"),
                  date=each.date.isoformat() if each.date else None)
        for each in board.needs
    ]  # fmt: skip
    items += [
        answers.ItemSchema(list="active", title=each.title, said=sentence_text(each.sentence), path=each.folder,
                  date=each.date.isoformat() if each.date else None)
        for each in board.active
    ]  # fmt: skip
    for document in filed:
        shown = board.filing(document)
        moment = whole.record.filing(document)
        items.append(answers.ItemSchema(list="filed", title=shown.title, said=f"{shown.standing}; {shown.said}",
                               path=document.path, date=str(moment)))  # fmt: skip
    page, after = _page(snapshot, question, items)
    since = f", {len(filed):,} filed since {day(question.since)}" if question.since else ""
    last = f"; the last filing is of {day(board.last_filing)}" if board.last_filing else ""
    needs = f"{counted(len(board.needs), 'thing')} {'needs' if len(board.needs) == 1 else 'need'} somebody"
    said = f"{needs}, {counted(len(board.active), 'phase')} active{since}{last}."
    return answers.StateSchema(said=said, items=page, next=after, **_about(snapshot))


def check(snapshot: Snapshot, question: arguments.Check) -> answers.ProblemsSchema:
    compared = snapshot.opened.compared
    known = {id(each) for each in compared.known}
    grave = _GRAVEST_FIRST[: _GRAVEST_FIRST.index(question.severity) + 1] if question.severity else _GRAVEST_FIRST
    below = (question.path or "").strip("/")
    chosen = [
        each for each in snapshot.opened.problems
        if each.severity in grave and (not below or f"{each.path}/".startswith(f"{below}/"))
    ]  # fmt: skip
    chosen.sort(key=lambda each: (id(each) in known, _GRAVEST_FIRST.index(each.severity)))
    page, after = _page(snapshot, question, chosen)
    counts = [(sum(each.severity == severity for each in chosen), severity) for severity in grave]
    told_counts = ", ".join(counted(count, severity) for count, severity in counts if count) or "no problems"
    items = [answers.ProblemSchema(**problem_json(each), known=id(each) in known) for each in page]
    where = f"below {below}" if below else counted(len(snapshot.whole.record.documents), "document")
    return answers.ProblemsSchema(
        said=f"{where[:1].upper()}{where[1:]}: {told_counts}.", items=items, next=after, **_about(snapshot)
    )


TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool("resolve", "What a name means", "What a name means: a version, change request, phase, identifier, halt or "
             "section, with its path, its address, its standing and what is in force. Ask this first.",
             arguments.Resolve, answers.MeaningsSchema, resolve),
        Tool("read", "Read a passage", "The filed text of a document, a section or lines, quoted; first what holds of "
             "it: of an archived version, what is in force and whether this passage has changed since.",
             arguments.ReadArguments, answers.PassageSchema, read),
        Tool("context", "Pick up a phase", "What to read of a phase, whole and in order, within a budget: what is in "
             "force, then what happened, from the end backwards. What does not fit is named with its size (a small "
             "budget gives that list alone): read it with 'read'.", arguments.ContextArguments, answers.Pack, context),
        Tool("trajectory", "What happened in a phase", "How a phase stands: the change request in force, each halt, "
             "and the version that answered it. With 'cycle' also the documents of that cycle, in order.",
             arguments.TrajectoryArguments, answers.ToldSchema, trajectory),
        Tool("compare", "What changed", "What changed between two versions: a summary by section and identifier, or "
             "the words. Without 'new', with what is in force.", arguments.Compare, answers.ComparedSchema, compare),
        Tool("cited_by", "Who cites it", "Which documents cite a document or a section of it, with the sentence; "
             "current ones first.", arguments.CitedByArguments, answers.CitedBySchema, cited_by),
        Tool("search", "Search the texts", "Documents that have all of some words, best first. Of names and numbers "
             "ask 'resolve'.", arguments.SearchArguments, answers.FoundSchema, search),
        Tool("status", "What needs somebody", "What needs somebody now, which phases are active, and what was filed "
             "since a day.", arguments.Status, answers.StateSchema, status),
        Tool("check", "What is wrong", "The problems of the record, the gravest first.",
             arguments.Check, answers.ProblemsSchema, check),
    )
}  # fmt: skip
