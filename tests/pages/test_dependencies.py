"""What the pages of a chain are said to depend on is all that they depend on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from build.workshop import SITE
from citations.records import LEDGER, NOTE, PHASE, SAMPLE, header, record_of
from loomworks_record.build.following import follow_chains
from loomworks_record.build.workers import Workers
from loomworks_record.kept.cache import Cache
from loomworks_record.kept.spool import InMemory
from loomworks_record.pages import addresses
from loomworks_record.pages.document import DocumentPage
from loomworks_record.pages.moves import LogEntry, LogValues
from loomworks_record.pages.plan import PAGES, SAID_FILES, Plan
from loomworks_record.pages.planning import Dependencies
from loomworks_record.pages.reading import pack_tells_of
from loomworks_record.pages.since import follow
from loomworks_record.pages.site_pages import phase_pages
from loomworks_record.pages.texts import text_inputs
from loomworks_record.record.chains import Chain
from loomworks_record.record.grounds import Grounds
from loomworks_record.record.record import Record
from loomworks_record.record.through import Through
from loomworks_record.record.whole import Whole
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document
from loomworks_record.source.header import Field, Header
from loomworks_record.source.store import read_content
from msgspec import structs
from support.memo import DictMemo

TEXTS = {
    **LEDGER,
    NOTE: header(Status="Supersedes v0.2.", Inputs="CR v0.1, `gone-v0_3.md` (engine repo).")
    + "## 1. What\n\nCR v0.2 §7.2, §99 and Gate 5b. P70-D7 holds; see [it](../b.md#x) and ![a](a.png).\n",
    # A value that begins as a section does, and one that is short.
    "notes/values-v0_1.md": header(Inputs="Step 2c: P70-D7, CR v0.2 §7, Gate 5b.", Phase="70")
    + "## 1. Values\n\nText.\n",
    f"{PHASE}/phase-70-halt-surface-2026-05-12-step-2b-v0_1.md": header(CR="CR-2026-170 v0.3")
    + "## 1. Halt\n\nHalted at Step 2b, under CR v0.3.\n",
}


def nothing_else(document: Document) -> Document:
    """The document as ``dependencies.py`` says that the pages of other chains depend on it."""
    number = document.cr_number
    fields = (Field("CR number", "cr_number", number, 1),) if number else ()
    return replace(document, filed=InMemory(b"") if document.name.extension else document.filed, sha256="",
                   header=Header(fields=fields), encoding="utf-8")  # fmt: skip


def frames(plan: Plan, chain: Chain) -> Iterator[tuple[str, Any]]:
    """What each page of a chain is made from, but for where the trajectory has it, which is seen by its words."""
    for page in plan.pages():
        if page.chain != chain.id:
            continue
        values = dict(page.values())
        if isinstance(values["page"], DocumentPage):
            values["page"] = structs.replace(values["page"], place=None)
        yield page.address, values
        if isinstance(page.part, Document):
            yield page.address, text_inputs(plan.whole, page.part)


def around(whole: Whole, chain: Chain) -> set[str]:
    """The paths of a chain's documents, of those that they cite and of those that cite them."""
    own = {document.path for document in chain.versions}
    cited = {citation.target for path in own for citation in whole.citations.of(path) if citation.target}
    citing = {citation.source for path in own for citation in whole.citations.by(path)}
    return own | cited | citing


def only(whole: Whole, kept: set[str]) -> Whole:
    """The record with documents of which but those of ``kept`` say nothing else; what those cite is as it was."""
    content = whole.record.content
    documents = tuple(each if each.path in kept else nothing_else(each) for each in content.documents)
    among = Whole(Record(whole.record.config, structs.replace(content, documents=documents)), memo=DictMemo())
    among.citations._found |= {path: whole.citations._found[path] for path in kept}
    return among


@pytest.mark.parametrize("texts", [TEXTS, None], ids=["ledger", "sample"])
def test_pages_see_of_other_chains_only_what_is_digested(texts: dict[str, str] | None) -> None:
    record = record_of(texts) if texts else Record(RecordConfig(), read_content(SAMPLE))
    whole = Whole(record, memo=DictMemo())
    changed = 0
    for chain in record.chains:
        kept = around(whole, chain)
        changed += len(record.documents) - len(kept)
        among = only(whole, kept)
        own = among.record.chain_by_id[chain.id]
        assert dict(frames(Plan(among, SITE), own)) == dict(frames(Plan(whole, SITE), chain)), chain.id
    assert changed > 0


def seen(texts: dict[str, str], log: LogValues | None = None, config: RecordConfig | None = None) -> dict[str, Any]:
    """Chain → what its pages see."""
    whole = Whole(record_of(texts, (), config), memo=DictMemo())
    told = Dependencies(whole, log or LogValues())
    return {chain.id: told.of(chain) for chain in whole.record.chains}


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {chain.rpartition("/")[2] for chain in before.keys() | after.keys() if before.get(chain) != after.get(chain)}


APART = "notes/apart-v0_1.md"
WITH_APART = {**TEXTS, APART: header() + "## 1. Apart\n\nNothing is cited.\n"}


def test_a_sentence_is_seen_by_its_own_chain() -> None:
    after = {**WITH_APART, APART: WITH_APART[APART] + "More.\n"}
    assert changed(seen(WITH_APART), seen(after)) == {"apart"}


def test_a_sentence_is_seen_by_those_that_it_cites_and_that_cite_it() -> None:
    after = {**WITH_APART, NOTE: WITH_APART[NOTE] + "More.\n"}
    found = changed(seen(WITH_APART), seen(after))
    assert "apart" not in found
    assert {Path(NOTE).stem.rpartition("-v")[0], "phase-70-cr-ledger"} <= found


@pytest.mark.parametrize(
    "after",
    [
        {**WITH_APART, APART: WITH_APART[APART].replace("A title", "Another title")},
        {**WITH_APART, APART: WITH_APART[APART].replace("2026-05-12", "2026-05-13")},
        {path.replace("apart", "afar"): text for path, text in WITH_APART.items()},
        {path: text for path, text in WITH_APART.items() if path != APART},
        {**WITH_APART, f"{PHASE}/phase-70-cr-other-v0_1.md": header()},
    ],
    ids=["title", "date", "name", "gone", "new"],
)
def test_what_lists_say_of_a_document_is_seen_by_all(after: dict[str, str]) -> None:
    before = seen(WITH_APART)
    assert len(changed(before, seen(after))) >= len(before)


def test_the_title_of_a_row_is_seen_by_those_that_cite_it() -> None:
    """It stands beside the mention, and no resolver has to see it."""
    path = next(path for path, text in TEXTS.items() if "| P70-D7 |" in text)
    row = next(line for line in TEXTS[path].split("\n") if line.startswith("| P70-D7 |"))
    after = {**TEXTS, path: TEXTS[path].replace(row, row.replace("| P70-D7 | ", "| P70-D7 | Other "))}
    assert "values" in changed(seen(TEXTS), seen(after))
    assert "values" not in changed(seen(WITH_APART), seen({**WITH_APART, APART: WITH_APART[APART] + "More.\n"}))


def test_an_entry_of_the_log_is_seen_by_its_chain() -> None:
    log = LogValues(entries={APART: LogEntry(3, None)})
    assert changed(seen(WITH_APART), seen(WITH_APART, log)) == {"apart"}


def test_a_place_that_texts_may_name_is_seen_by_all() -> None:
    before = seen(WITH_APART)
    assert len(changed(before, seen(WITH_APART, None, replace(RecordConfig(), places=("the attic",))))) == len(before)


def test_without_a_memo_nothing_is_told() -> None:
    whole = Whole(record_of(WITH_APART))
    told = Dependencies(whole, LogValues())
    assert {told.of(chain) for chain in whole.record.chains} == {None}


class Closed:
    """The bytes of a document that nobody may look at; ``size`` where that may be seen."""

    def __init__(self, size: int | None = None) -> None:
        self._size = size

    @property
    def size(self) -> int:
        assert self._size is not None, "a size is looked at"
        return self._size

    def read(self) -> bytes:
        raise AssertionError("bytes are looked at")


def closed(whole: Whole, opened: Collection[str] = (), sizes: Collection[str] = ()) -> Whole:
    """The same, with documents that show no bytes but those of ``opened``, and no sizes but those of ``sizes``; what
    was read of them is as it was, and of each chain only what ``Through.said`` has."""
    content, first = whole.record.content, dict[str, int]()
    documents = []
    for number, each in enumerate(content.documents):
        seen = each.is_pointer, first.setdefault(each.sha256, number)
        if each.path not in opened:
            filed = Closed(each.size if each.path in sizes else None)
            each = replace(each, filed=filed, sha256=f"the same as {seen[1]}")
            each.__dict__.update(is_pointer=seen[0])
        documents.append(each)
    among = Whole(Record(whole.record.config, structs.replace(content, documents=tuple(documents))))
    followed = {chain.id: told(whole.grounds.through(chain)) for chain in whole.record.chains}
    citations = copy(whole.citations)
    for told_before in ("citing", "not_held"):
        vars(citations).pop(told_before, None)
    vars(citations).update(record=among.record, _citations={}, _cited={})
    among.__dict__["citations"] = citations
    among.__dict__["grounds"] = Grounds(among.record, citations, lambda chain: followed[chain.id])
    for each in content.documents:
        for place in whole.citations.superseded(each.path):
            among.grounds._grounds[place] = whole.grounds.of_place(*place)
    return among


def told(through: Through) -> Through:
    threads = (
        thread._replace(
            change="",
            stages=tuple(each._replace(differing=100 * (each.differing > 0), change="") for each in thread.stages),
        )
        for thread in through.threads
    )
    return Through(through.versions, tuple(threads))


def read_whole(texts: dict[str, str] | None) -> Whole:
    record = record_of(texts) if texts else Record(RecordConfig(), read_content(SAMPLE))
    return Whole(record, memo=DictMemo(), follow=follow)


@pytest.mark.parametrize("texts", [TEXTS, None], ids=["ledger", "sample"])
def test_what_depends_on_what_is_said_looks_at_no_bytes(texts: dict[str, str] | None) -> None:
    whole = read_whole(texts)
    plan, among = Plan(whole, SITE), Plan(closed(whole), SITE)
    pages = {page.address: page.values() for each, said in PAGES if said for page in each(plan)}
    assert {page.address: page.values() for each, said in PAGES if said for page in each(among)} == pages
    files = {file.address: file.data() for each in SAID_FILES for file in each(plan) if file.data}
    assert {file.address: file.data() for each in SAID_FILES for file in each(among) if file.data} == files
    assert plan.names().make() == among.names().make()
    assert among.search_example == plan.search_example


@pytest.mark.parametrize("texts", [TEXTS, None], ids=["ledger", "sample"])
def test_packs_and_pages_of_phases_look_at_no_other_bytes(texts: dict[str, str] | None) -> None:
    whole = read_whole(texts)
    plan = Plan(whole, SITE)
    pages = {page.address: page for page in phase_pages(plan)}
    for phase in whole.record.phases:
        shown = {each.path for each in pack_tells_of(whole, phase)}
        among = Plan(closed(whole, shown), SITE)
        (same,) = (each for each in among.whole.record.phases if each.folder == phase.folder)
        assert among.context(same) == plan.context(phase)
        own = Plan(closed(whole, sizes=[each.path for each in phase.documents]), SITE)
        own.__dict__["contexts"] = plan.contexts
        page = next(page for page in phase_pages(own) if page.address == addresses.phase(phase.folder))
        assert page.values() == pages[page.address].values()
        assert page.besides and pages[page.address].besides
        assert page.besides() == pages[page.address].besides()


def said(texts: dict[str, str]) -> bytes:
    whole = read_whole(texts)
    follow_chains(whole, cast(Cache, whole.memo), Workers(1))
    assert whole.said
    return whole.said


def test_the_words_of_a_text_are_not_said_and_all_else_is() -> None:
    body = "## 1. Apart\n\nNothing is cited.\n"
    before = said(WITH_APART)
    assert said({**WITH_APART, APART: header() + "## 1. Apart\n\nNothing at all is cited here.\n"}) == before
    assert said({**WITH_APART, NOTE: WITH_APART[NOTE].replace("P70-D7 holds", "And P70-D7 holds")}) != before
    others = {
        "heading": header() + body.replace("Apart", "Alone"),
        "mention": header() + body.replace("Nothing", "CR v0.1"),
        "field": header(Status="Draft.") + body,
        "title": header().replace("A title", "Another title") + body,
    }
    found = {name: said({**WITH_APART, APART: text}) for name, text in others.items()}
    found["name"] = said({path.replace("apart", "afar"): text for path, text in WITH_APART.items()})
    found["gone"] = said(TEXTS)
    found["line"] = said({**WITH_APART, NOTE: WITH_APART[NOTE] + "\nCR v0.2 again.\n"})
    assert len({before, *found.values()}) == len(found) + 1


def test_nothing_is_said_of_chains_that_nobody_followed() -> None:
    assert read_whole(WITH_APART).said is None
