"""With a memo or without, warm or cold, damaged or whole: the citations of a record are the same."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loomworks_record.kept.memo import NO_MEMO, Memo
from loomworks_record.kept.spool import InMemory
from loomworks_record.pages.api import whole_json
from loomworks_record.record.citations.citation import Resolution
from loomworks_record.record.citations.cite import Citations, cite
from loomworks_record.record.citations.resolve import resolve
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document
from loomworks_record.source.header import Field, Header
from loomworks_record.source.identifiers import DEFAULT_IDENTIFIERS, IdentifierKind
from loomworks_record.source.kept_documents import read_documents
from loomworks_record.source.kinds import DEFAULT_KINDS, Kind, KindTable
from loomworks_record.source.names import VersionForm
from loomworks_record.source.store import Attachment, Content, read_content
from support.memo import Asked, DictMemo

from citations.records import CR, LEDGER, NOTE, PHASE, SAMPLE, header, record_of

HANDOFF = f"{PHASE}/loomworks-phase-70-cr-amendment-handoff-v0_1.md"
HALT = f"{PHASE}/phase-70-halt-surface-2026-05-12-step-2b-v0_1.md"
TEXTS = {
    **LEDGER,
    NOTE: header(Status="Supersedes v0.2.", Inputs="CR v0.1, `gone-v0_3.md` (engine repo).")
    + "## 1. What\n\nCR v0.2 §7.2, §99 and Gate 5b. P70-D7 holds; see [it](../b.md#x) and ![a](a.png).\n\n"
    + "```\nCR v0.3\n```\n\nThe halt note and the brand guide v0.15. Brand guide v0.14. Phase 71 Gate 5b.\n",
    HALT: header(CR="CR-2026-170 v0.3") + f"## 1. Halt\n\nHalted at Step 2b, under CR v0.3 and {HANDOFF}.\n",
}

CONFIGURATIONS = (
    RecordConfig(),
    RecordConfig(kinds=KindTable((Kind("playbook", "Playbook", "playbook$", ("playbook",)), *DEFAULT_KINDS))),
    RecordConfig(identifiers=(*DEFAULT_IDENTIFIERS, IdentifierKind("rule", "Rule", "Rules", "rules", r"R-\d+"))),
    RecordConfig(places=("the attic",)),
    RecordConfig(origin="here.example.org"),
)


def told(citations: Citations) -> dict[str, Any]:
    """All that citations say, as plain values."""
    paths = [document.path for document in citations.record.documents]
    return {
        "of": {path: [(each, each.before, each.after) for each in citations.of(path)] for path in paths},
        "by": {path: citations.by(path) for path in paths},
        "read": {path: citations.read(path) for path in paths},
        "sections": {path: citations.sections(path) for path in paths},
        "not held": citations.not_held,
        "problems": citations.problems,
        "definitions": citations.index.definitions.all,
    }


def everything(record: Record, memo: Memo) -> tuple[Any, ...]:
    whole = Whole(record, memo=memo)
    trajectories = {phase.folder: whole.stories.of(phase) for phase in record.phases}
    return whole_json(whole), told(whole.citations), whole.problems, trajectories


def test_a_memo_changes_nothing() -> None:
    record, memo = Record(RecordConfig(), read_content(SAMPLE)), DictMemo()
    plain = everything(record, NO_MEMO)
    assert everything(record, memo) == plain
    memo.asked.clear()
    assert everything(record, memo) == plain
    count = len(record.documents)
    asked = {kind: memo.asked[kind] for kind in ("reading", "resolved")}
    assert asked == {"reading": Asked(found=count), "resolved": Asked(found=count)}


def counted(record: Record, memo: DictMemo) -> tuple[int, int]:
    """How many documents are (read, resolved) anew."""
    memo.asked.clear()
    assert told(cite(record, memo=memo)) == told(cite(record))
    return memo.asked["reading"].put, memo.asked["resolved"].put


def test_only_what_an_edit_touches_is_done_anew() -> None:
    memo, all_of_them = DictMemo(), len(TEXTS)
    assert counted(record_of(TEXTS), memo) == (all_of_them, all_of_them)
    sentence = {**TEXTS, NOTE: TEXTS[NOTE] + "One more, CR v0.3.\n"}
    assert counted(record_of(sentence), memo) == (1, 1)
    above = {**TEXTS, f"{CR}-v0_3.md": TEXTS[f"{CR}-v0_3.md"].replace("## §1 ", "More.\n\nAnd more.\n\n## §1 ")}
    assert counted(record_of(above), memo) == (1, 1)  # its sections stand elsewhere and are called the same
    heading = {**TEXTS, NOTE: TEXTS[NOTE] + "## 2. More\n\nText.\n"}
    assert counted(record_of(heading), memo) == (1, all_of_them)
    assert counted(record_of(TEXTS), memo) == (0, 0)
    subject = {**TEXTS, "notes/the-ledger-playbook-v0_1.md": header()}
    assert counted(record_of(subject), memo) == (1, all_of_them + 1)  # nobody speaks of it


OTHER = f"{PHASE}/loomworks-phase-70-other-v0_1.md"
THIRD = f"{PHASE}/loomworks-phase-70-third-v0_1.md"
DECIDED = "## 1. Decided\n\n| Item | Setting |\n|---|---|\n| P70-D50 | This |\n"
HALTED = "phase-70-halt-surface-2026-05-{}-step-2b-v0_1.md"


def test_what_is_read_otherwise_has_another_key() -> None:
    """Two runs at once may keep the two readings of one document side by side."""
    memo, said = DictMemo(), {**LEDGER, NOTE: header() + "The ledger playbook v0.1.\n"}
    new = {**said, "notes/the-ledger-playbook-v0_1.md": header()}
    keys = {cite(record_of(texts), memo=memo)._readings.key(NOTE) for texts in (said, new)}
    assert len(keys) == 2


# What a note says, and two states of the documents beside it between which its meaning changes.
CASES: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "a CR number": ("CR-2026-199.", {OTHER: header()}, {OTHER: header(CR_number="CR-2026-199")}),
    "a date": (
        "P70-D50.",
        {OTHER: header() + DECIDED, THIRD: header() + DECIDED},
        {OTHER: header().replace("2026-05-12", "2026-05-13") + DECIDED, THIRD: header() + DECIDED},
    ),
    "a form": (
        "`a-note-v0_1` §9.",
        {"notes/a-note-v0_1": "# A\n\nText.\n"},
        {"notes/a-note-v0_1": "<html><p>Text.</p></html>"},
    ),
    "a halt note of a cycle": (
        "The cycle-1 halt note §1.",
        {HANDOFF: header() + f"See `{HALTED.format(12)}`.\n"},
        {HANDOFF: header() + f"See `{HALTED.format(13)}`.\n"},
    ),
    "a title": (
        "CR v0.9 §Shape.",
        {f"{CR}-v0_9.md": header("0.9") + "## §7 Shape\n"},
        {f"{CR}-v0_9.md": header("0.9") + "## §7 Form\n"},
    ),
    "an identifier": (
        "P70-D51.",
        {OTHER: header() + "## §7 P70-D51 — Shape\n"},
        {OTHER: header() + "## §7 P70-D52 — Shape\n"},
    ),
    "a number": (
        "CR v0.9 §4a.",
        {f"{CR}-v0_9.md": header("0.9") + "### Sub-arc 4: Form\n\n#### 4a. Guard\n"},
        {f"{CR}-v0_9.md": header("0.9") + "### Sub-arc 4: Form\n\n#### Sub-arc 4a: Guard\n"},
    ),
    "a new subject": ("The ledger playbook v0.1.", {}, {"notes/the-ledger-playbook-v0_1.md": header()}),
    "a new version": ("CR v0.3.", {}, {f"{CR}-v0_4.md": header("0.4")}),
    "a document gone": ("`loomworks-phase-70-other-v0_1.md`.", {OTHER: header()}, {}),
}


@pytest.mark.parametrize("case", CASES)
def test_an_unchanged_document_whose_meaning_changes(case: str) -> None:
    text, before, after = CASES[case]
    records = [record_of({**LEDGER, **beside, NOTE: header() + text + "\n"}) for beside in (before, after)]
    plain = [told(cite(record)) for record in records]
    assert plain[0]["read"][NOTE] != plain[1]["read"][NOTE]
    memo = DictMemo()
    assert [told(cite(record, memo=memo)) for record in records] == plain


@pytest.mark.parametrize(
    ("text", "config", "attachments"),
    [
        ("<https://here.example.org/view/none-v0_1.md.html>", CONFIGURATIONS[4], ()),
        ("R-7.", CONFIGURATIONS[2], ()),
        ("`gone-v0_1.md` (the attic).", CONFIGURATIONS[3], ()),
        ("playbook v0.1.", CONFIGURATIONS[1], ()),
        ("[an image](images/a.svg)", CONFIGURATIONS[0], (f"{PHASE}/images/a.svg",)),
        ("![an image](images/a.svg)", CONFIGURATIONS[0], (f"{PHASE}/images/a.svg",)),
    ],
)
def test_another_configuration_or_attachment(text: str, config: RecordConfig, attachments: tuple[str, ...]) -> None:
    texts = {**LEDGER, NOTE: header() + f"{text}\n"}
    records = [record_of(texts), record_of(texts, attachments, config)]
    plain = [told(cite(record)) for record in records]
    assert (plain[0]["read"][NOTE], plain[0]["problems"]) != (plain[1]["read"][NOTE], plain[1]["problems"])
    memo = DictMemo()
    assert [told(cite(record, memo=memo)) for record in records] == plain


def test_the_same_bytes_in_another_form() -> None:
    memo = DictMemo()
    for extension in ("md", "html"):
        record = record_of({**LEDGER, f"notes/a-note-v0_1.{extension}": header() + "## 1. CR v0.3\n"})
        assert told(cite(record, memo=memo)) == told(cite(record))


@pytest.mark.parametrize(
    "damage",
    [lambda data: b"", lambda data: data[:-1], lambda data: data[:-2] + b"\xff" + data[-1:], lambda data: b"\x90"],
    ids=["empty", "cut short", "changed", "foreign"],
)
def test_what_is_damaged_is_done_anew(damage: Callable[[bytes], bytes]) -> None:
    record, memo = record_of(TEXTS), DictMemo()
    plain = everything(record, NO_MEMO)
    everything(record, memo)
    memo.change(lambda kind, key, data: damage(data))
    assert everything(record, memo) == plain
    assert everything(record, memo) == plain


def test_what_belongs_to_another_document_is_not_taken() -> None:
    record, memo = record_of(TEXTS), DictMemo()
    plain = everything(record, NO_MEMO)
    everything(record, memo)
    for kept in memo.kinds.values():
        values = list(kept.values())
        kept.update(zip(kept, [*values[1:], values[0]], strict=True))
    assert everything(record, memo) == plain


def test_a_memo_that_has_lost_its_sentences_still_tells_them() -> None:
    record, memo = record_of(TEXTS), DictMemo()
    plain = told(cite(record))
    cite(record, memo=memo)
    warm = cite(record, memo=memo)
    memo.kinds["reading bulks"].clear()
    assert told(warm) == plain


def test_what_is_kept_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even the grammar is made, and no text is flattened, for what a command prints."""
    record, memo = record_of(TEXTS), DictMemo()
    plain = whole_json(Whole(record, memo=memo))

    def never(*args: object, **keywords: object) -> None:
        raise AssertionError

    monkeypatch.setattr("loomworks_record.record.citations.readings.Grammar.of", never)
    monkeypatch.setattr("loomworks_record.text.reading.flatten_body", never)
    assert whole_json(Whole(record, memo=memo)) == plain


def test_what_is_no_longer_used_is_freed_at_once() -> None:
    """A preview reads the record again and again; the old one must not wait for the collector of cycles."""
    gc.disable()
    try:
        citations = cite(record_of(TEXTS), memo=DictMemo())
        assert citations.of(NOTE)[0].before
        held = [weakref.ref(citations), weakref.ref(citations._readings), weakref.ref(citations.index)]
        del citations
        assert [each() for each in held] == [None, None, None]
    finally:
        gc.enable()


# What resolvers see of documents that are not their own


def nothing_else(document: Document) -> Document:
    """The document as ``digests.py`` says that others see it: path, form, kind, date and CR number."""
    number = document.cr_number
    fields = (Field("CR number", "cr_number", number, 1),) if number else ()
    return replace(document, filed=InMemory(b"") if document.name.extension else document.filed, sha256="", title="",
                   header=Header(fields=fields), encoding="utf-8")  # fmt: skip


@pytest.mark.parametrize(
    "config",
    [
        RecordConfig(labels=(("applies", "supersedes"),)),
        RecordConfig(archive_folders=("was",)),
        RecordConfig(versions=(VersionForm(r"-(?P<number>\d+)rev$"),)),
    ],
    ids=["labels", "archive_folders", "versions"],
)
def test_another_notation(config: RecordConfig) -> None:
    """How names and headers are written is the user's to say, and what was read before is not read so."""
    texts = {
        **TEXTS,
        f"{PHASE}/was/phase-70-cr-ledger-v0_5.md": header("0.5"),
        "notes/plan-2rev.md": "# Plan\n\n**Applies:** CR v0.2\n\n## 1. Plan\n\nCR v0.5, and `plan-1rev.md`.\n",
    }
    records = [record_of(texts), record_of(texts, (), config)]
    for order in (records, records[::-1]):
        memo = DictMemo()
        assert [told(cite(record, memo=memo)) for record in order] == [told(cite(record)) for record in order]


@pytest.mark.parametrize("texts", [TEXTS, None], ids=["ledger", "sample"])
def test_resolving_sees_of_others_only_what_is_digested(texts: dict[str, str] | None) -> None:
    record = record_of(texts) if texts else Record(RecordConfig(), read_content(SAMPLE))
    citations = cite(record)
    for document in record.documents:
        others = tuple(each if each is document else nothing_else(each) for each in record.documents)
        content = Content(others, record.content.attachments, (), ())
        said = list(resolved_among(citations, Record(record.config, content), document))
        assert said == [list(resolutions) for _, resolutions in citations.read(document.path)]


def resolved_among(citations: Citations, record: Record, document: Document) -> Iterator[list[Resolution | None]]:
    """The document's resolutions in another record, with the sections that are known."""
    among = replace_record(citations, record)
    for passage, _ in citations.read(document.path):
        yield resolve(among.chooser(document.path), passage.mentions, passage.field)


def replace_record(citations: Citations, record: Record) -> Citations:
    """Citations of ``record`` with the readings of another of the same paths."""
    return Citations(record, citations._readings, NO_MEMO)


# Random edits

NAMES = (
    *TEXTS,
    f"{CR}-v0_4.md",
    f"{PHASE}/archive/phase-70-cr-ledger-v0_3.md",
    f"{PHASE}/loomworks-phase-70-scoping-note-v0_1.md",
    f"{PHASE}/loomworks-phase-70-findings-v0_1.md",
    "phases/phase-72-more/phase-72-cr-more-v0_1.md",
    "methodology/loomworks-methodology-v0_3.md",
    "notes/the-ledger-playbook-v0_1.md",
    "notes/the-ledger-playbook.html",
    "notes/unversioned.md",
)
SENTENCES = (
    "CR v0.2 and CR v0.4.", "See Gate 5b.", "Step 2b of CR v0.3.", "The scoping note v0.1 §2.",
    "The ledger playbook v0.1 §1.", f"`{HALT.rpartition('/')[2]}` (cycle 1).", "CR-2026-171.", "Nothing.",
    "[it](phase-70-cr-ledger-v0_3.md#s7).",
    "![x](images/a.svg)", "Methodology v0.3 and v0.2.", "P70-D9 and Candidate F.",
)  # fmt: skip
HEADINGS = ("## 2. Steps", "### Step 2b: Live", "## §7 Shape", "| P70-D9 | New |\n|---|---|\n| P70-D9 | That |")
FACTS = ("Date.** 2026-06-0", "CR number.** CR-2026-17", "Inputs.** CR v0.", "CR target.** CR-2026-170 v0.")

paths, sentences = st.sampled_from(NAMES), st.sampled_from(SENTENCES)
edits = st.one_of(
    st.tuples(st.just("sentence"), paths, sentences),
    st.tuples(st.just("heading"), paths, st.sampled_from(HEADINGS)),
    st.tuples(st.just("above"), paths, sentences),
    st.tuples(st.just("header"), paths, st.sampled_from(FACTS)),
    st.tuples(st.just("rename"), paths, paths),
    st.tuples(st.just("archive"), paths, paths),
    st.tuples(st.just("delete"), paths, paths),
    st.tuples(st.just("attach"), st.sampled_from(("images/a.svg", f"{PHASE}/images/a.svg")), paths),
    st.tuples(st.just("configure"), st.sampled_from("01234"), paths),
)  # fmt: skip


class FiledDocument:
    """A record that is edited: texts by path, attachments, and a configuration."""

    def __init__(self) -> None:
        self.texts = dict(TEXTS)
        self.attachments: set[str] = set()
        self.config = CONFIGURATIONS[0]

    def edit(self, what: str, one: str, other: str) -> None:
        text = self.texts.get(one, header())
        match what:
            case "sentence" | "heading":
                self.texts[one] = f"{text}\n{other}\n"
            case "above":
                self.texts[one] = text.replace("\n## ", f"\n{other}\n\n## ", 1)
            case "header":
                self.texts[one] = text.replace("\n**", f"\n**{other}{len(text) % 5}\n**", 1)
            case "rename" if one in self.texts:
                self.texts[other] = self.texts.pop(one)
            case "archive" if one in self.texts and "/archive/" not in one:
                folder, _, name = one.rpartition("/")
                self.texts[f"{folder}/archive/{name}"] = self.texts.pop(one)
            case "delete":
                self.texts.pop(one, None)
            case "attach":
                self.attachments ^= {one}
            case "configure":
                self.config = CONFIGURATIONS[int(one)]

    def record(self, memo: Memo) -> Record:
        files = [(path, self.texts[path].encode()) for path in sorted(self.texts)]
        read = read_documents(files, self.config.kinds, memo)
        attachments = tuple(Attachment(path, Path(path), 1) for path in sorted(self.attachments))
        problems = tuple(problem for _, found in read for problem in found)
        return Record(self.config, Content(tuple(document for document, _ in read), attachments, (), problems))


def survives(sequence: Sequence[tuple[str, str, str]]) -> None:
    filed, memo = FiledDocument(), DictMemo()
    everything(filed.record(memo), memo)
    for edit in sequence:
        filed.edit(*edit)
        warm, cold = filed.record(memo), filed.record(NO_MEMO)
        assert warm == cold
        assert everything(warm, memo) == everything(cold, NO_MEMO), edit


@settings(max_examples=25, deadline=None)
@given(st.lists(edits, min_size=1, max_size=6))
def test_warm_equals_cold_after_random_edits(sequence: list[tuple[str, str, str]]) -> None:
    survives(sequence)


@pytest.mark.full
@settings(max_examples=400, deadline=None)
@given(st.lists(edits, min_size=1, max_size=10))
def test_warm_equals_cold_after_many_random_edits(sequence: list[tuple[str, str, str]]) -> None:
    survives(sequence)
