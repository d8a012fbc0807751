"""The rendered text of a document: made from a job alone, it is the same as made beside the record."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from html import escape
from multiprocessing import get_context
from pathlib import Path

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from loomworks_record.pages.texts import SIGNS_OF_REFERENCES, rendered_text, text_job
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.render.body import inline_forms
from loomworks_record.render.references import filed_path
from loomworks_record.render.text import FactJob, RenderedText, TextJob, _fact, render_text
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document
from loomworks_record.source.store import read_content
from loomworks_record.text.flatten import flatten_markdown
from loomworks_record.text.parse import parse_value
from msgspec.structs import replace

from citations.records import LEDGER, NO_REAL, NOTE, PHASE, REAL, SAMPLE, header, record_of
from citations.rendering import unlinked
from citations.test_linking import TEXTS

FOLDERS = {"real": REAL, "sample": SAMPLE}


@cache
def whole_of(folder: Path) -> Whole:
    config = RecordConfig()
    return Whole(Record(config, read_content(folder, config.kinds)))


def documents() -> Iterator[tuple[Whole, Document]]:
    for folder in filter(Path.is_dir, FOLDERS.values()):
        whole = whole_of(folder)
        yield from ((whole, document) for document in whole.record.documents)


def note(body: str, **fields: str) -> tuple[Whole, Document]:
    """A note in the record of the ledger, with an image beside it."""
    record = record_of({**LEDGER, NOTE: header(**fields) + body}, [f"{PHASE}/images/a.svg"])
    return Whole(record), record.by_path[NOTE]


def test_what_is_linked_can_be_taken_off_every_page() -> None:
    """Rendered backwards too: what one document leaves behind reaches no other."""
    jobs = [text_job(whole, document) for whole, document in documents()]
    made = [render_text(job) for job in jobs]
    assert [render_text(job) for job in reversed(jobs)] == made[::-1]
    assert all(unlinked(text.body) == text.unlinked for text in made)
    assert len(made) > 50
    if not REAL.is_dir():
        pytest.skip(NO_REAL)


def test_values_can_be_sent_and_kept() -> None:
    for whole, document in documents():
        job = text_job(whole, document)
        text = render_text(job)
        assert pickle.loads(pickle.dumps(job)) == job
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(job), type=TextJob) == job
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(text), type=RenderedText) == text


@pytest.mark.parametrize("executor", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_gives_the_same(executor: type[ThreadPoolExecutor | ProcessPoolExecutor]) -> None:
    whole = whole_of(SAMPLE)
    jobs = [text_job(whole, document) for document in whole.record.documents[:12]]
    spawned = {"mp_context": get_context("spawn")} if executor is ProcessPoolExecutor else {}
    with executor(2, **spawned) as pool:  # type: ignore[arg-type] # of one of the two only
        assert list(pool.map(render_text, jobs)) == list(map(render_text, jobs))


def test_what_a_text_shows() -> None:
    whole, document = note(
        "See [the CR](phase-70-cr-ledger-v0_3.md), CR v0.2 and ![a](images/a.svg).\n\n"
        "## 3. Shape of CR v0.3\n\n#### Deep\n",
        Status="Follows CR v0.2 §7.",
        Inputs="§7",
        Step="Step 2b — Live",
    )
    text = rendered_text(whole, document)
    assert 'href="phase-70-cr-ledger-v0_3.md.html">the CR</a>' in text.body
    assert text.body.count('class="m m--') == 2
    assert f'src="../../../raw/{PHASE}/images/a.svg"' in text.body
    assert unlinked(text.body) == text.unlinked
    assert [(each.anchor, each.number, each.text) for each in text.contents] == [("s3", "3", "Shape of CR v0.3")]
    by_label = dict(zip([field.label for field in document.header.fields], text.facts, strict=True))
    assert by_label["Version"].html == by_label["Version"].unlinked == "0.1"
    assert 'class="m m--superseded"' in by_label["Status"].html
    assert by_label["Status"].unlinked == "Follows CR v0.2 §7."
    assert "m--unresolved" not in by_label["Inputs"].html
    assert by_label["Step"].unlinked == "Step 2b — Live"


def test_what_is_linked_in_a_header_is_what_it_cites() -> None:
    """Also in a value that begins as a section does, and in a short one."""
    fields = {"Step": "Step 2b — Live, CR v0.3", "Inputs": "§7", "Status": "P70-D7. Follows CR v0.2.", "Phase": "9"}
    whole, document = note("## 7. Own\n\nText.\n", **fields)
    facts = rendered_text(whole, document).facts
    linked = [words for fact in facts for words in re.findall(r'<a class="m m--[^>]*>([^<]*)</a>', fact.html)]
    cited = [each.text for each in whole.citations.of(document.path) if each.field and each.target]
    assert linked == cited
    assert {"Step 2b", "§7", "P70-D7"} <= set(linked)


def test_an_html_document_is_its_words_alone() -> None:
    whole, _ = note("")
    text = rendered_text(whole, whole.record.by_path["brand/loomworks-brand-guide-v0_15.html"])
    assert (text.body, text.unlinked, text.lines) == ("", "", ("Brand guide v0.15", "## Brand"))


@given(TEXTS, TEXTS)
def test_a_job_holds_all_that_its_text_refers_to(pieces: list[tuple[str, str]], value: list[tuple[str, str]]) -> None:
    of_value = " ".join(piece for piece, _ in value).replace("\n", " ").replace("**", "")
    whole, document = note("".join(piece + joint for piece, joint in pieces), Status=of_value or "None.")
    text = rendered_text(whole, document)
    assert unlinked(text.body) == text.unlinked
    assert all(unlinked(fact.html) == fact.unlinked for fact in text.facts)


@pytest.mark.parametrize(
    "body",
    [
        "It was `<name>` and <see CR v0.2 of it> and a_<YYYY-MM-DD>.md, then CR v0.3.",
        "A & B &amp; C, `a & b`, `&amp;`, CR v0.3 §7.2.",
        "Zero\u200bwidth, CR v0.3.",
        "- one CR v0.3\n\n  ```\n  code\n  ```\n\n- CR v0.2",
        "## 3 — **CR** v0.3 and `x`\n\n## §4.   CR v0.2\n\n## 5 CR v0.3",
        "![gone](gone.png) and CR v0.3",
        "<b>CR</b>&amp; [x](a\\_b.md) CR v0.2",
    ],
)
def test_marks_stand_at_their_words(body: str) -> None:
    whole, document = note(body)
    text = rendered_text(whole, document)
    linked = re.findall(r'<a class="m m--\w+"[^>]*>(.*?)</a>', text.body)
    assert linked and set(linked) <= {"CR v0.3", "CR v0.2", "CR v0.3 §7.2", "<strong>CR</strong> v0.3"}
    assert unlinked(text.body) == text.unlinked


@pytest.mark.parametrize(
    "body",
    [
        "See CR v0.3 here.",
        "![a](https://a.example/b.png) and CR v0.3",
        "<b>CR v0.3</b> and CR v0.3",
        "CR v0.3 \uf8f6 and \uf8f7 CR v0.3",
        "`\uf8f6` CR v0.3",
        "\u202e CR v0.3",
        "CR v0.3\u200d, that is",
        "## CR v0.3\n\n| CR v0.3 |\n|---|\n| **CR** v0.3 |",
    ],
)
def test_without_its_marks_a_text_is_as_if_none_had_been_made(body: str) -> None:
    whole, document = note(body)
    job = text_job(whole, document)
    assert any(each.outcome for each in job.marks)
    made, bare = render_text(job), render_text(replace(job, marks=()))
    assert made.unlinked == bare.unlinked and made.unlinked != made.body
    assert unlinked(made.body) == made.unlinked


_words = st.text("aB09§.,;:()'/ –—-w*_`<[]&\n#>~@", max_size=14)


@given(_words)
def test_a_value_of_words_alone_is_shown_as_any_other(value: str) -> None:
    made = _fact(FactJob(value), lambda tree: None)
    plain, linked = inline_forms(parse_value(value).root)
    assert (made.unlinked, made.html) == (plain, linked)


@pytest.mark.parametrize("value", ["1.", "1)", "-", "#", ">", "12. Draft", "# 3", "+ more"])
def test_a_value_is_no_list_and_no_heading(value: str) -> None:
    assert inline_forms(parse_value(value).root)[0] == escape(value)


_parts = st.sampled_from(
    ["http://a.b", "www.a.b", "(x)", "](y)", "!", "a", "\n", "*", "`", "_", "a@b.c", "mailto:a", "&lt;", "&#91;", "\\"]
)


@given(st.lists(_parts, max_size=12).map("".join))
def test_a_text_without_signs_of_references_has_none(text: str) -> None:
    """Its flat text is not made to look for them."""
    assume(not any(sign in text for sign in SIGNS_OF_REFERENCES))
    assert [link for link in flatten_markdown(text).links if filed_path(NOTE, link.url)] == []
