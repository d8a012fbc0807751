"""The rendered text of a document: made from a job alone, it is the same as made beside the record."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.pages.texts import SIGNS_OF_LINKS, rendered_text, text_in_place, text_job
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.render.carried import ReadText, Unforeseen, carried
from loomworks_record.render.markdown import as_visible
from loomworks_record.render.marks import Mark, Marked
from loomworks_record.render.text import RenderedText, TextJob, TextRenderer, render_text
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import Document
from loomworks_record.source.store import read_content
from loomworks_record.text.flat import Block, BlockKind, Flat, Link
from loomworks_record.text.flatten import flatten_markdown

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


def test_no_document_is_unforeseen_and_both_ways_give_the_same() -> None:
    """Rendered backwards too: what one document leaves behind in the parser reaches no other."""
    found = list(documents())
    forward = [render_text(text_job(whole, document)) for whole, document in found]
    assert [text_in_place(whole, document) for whole, document in reversed(found)] == forward[::-1]
    assert len(forward) > 50
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
    assert by_label["Step"].html == text_in_place(whole, document).facts[-1].html


def test_an_html_document_is_its_words_alone() -> None:
    whole, _ = note("")
    text = rendered_text(whole, whole.record.by_path["brand/loomworks-brand-guide-v0_15.html"])
    assert (text.body, text.unlinked, text.lines) == ("", "", ("Brand guide v0.15", "## Brand"))


@given(TEXTS, TEXTS)
def test_a_job_gives_what_the_record_gives(pieces: list[tuple[str, str]], value: list[tuple[str, str]]) -> None:
    of_value = " ".join(piece for piece, _ in value).replace("\n", " ").replace("**", "")
    whole, document = note("".join(piece + joint for piece, joint in pieces), Status=of_value or "None.")
    assert rendered_text(whole, document) == text_in_place(whole, document)


@pytest.mark.parametrize(
    "body",
    [
        "It was `<name>` and <see CR v0.2 of it> and a_<YYYY-MM-DD>.md, then CR v0.3.",
        "A & B &amp; C, `a & b`, `&amp;`, CR v0.3 §7.2.",
        "Zero\u200bwidth, CR v0.3.",
        "- one CR v0.3\n\n  ```\n  code\n  ```\n\n- CR v0.2",
        "## 3 — **CR** v0.3 and `x`\n\n## §4.   CR v0.2\n\n## 5 CR v0.3",
    ],
)
def test_texts_that_differ_from_their_pages_and_are_foreseen(body: str) -> None:
    whole, document = note(body)
    text = render_text(text_job(whole, document))
    assert text == text_in_place(whole, document)
    assert text.body != text.unlinked


@pytest.mark.parametrize("body", ["![gone](gone.png)", "![gone](gone.png) and CR v0.3", "<b>CR</b>&amp; [x](a\\_b.md)"])
def test_what_is_unforeseen_is_rendered_beside_the_record(body: str) -> None:
    whole, document = note(body)
    with pytest.raises(Unforeseen):
        render_text(text_job(whole, document))
    assert rendered_text(whole, document) == text_in_place(whole, document)


def test_a_job_that_lacks_something_is_unforeseen() -> None:
    whole, document = note("See [the CR](phase-70-cr-ledger-v0_3.md) and CR v0.2.")
    job = text_job(whole, document)
    for lacking in (replace(job, answers=()), replace(job, body=job.body + "More."), replace(job, read=ReadText(""))):
        with pytest.raises(Unforeseen):
            render_text(lacking)
    assert render_text(job) == text_in_place(whole, document)


def test_a_text_that_is_nested_too_deep_leaves_nothing_behind() -> None:
    renderer = TextRenderer(RecordConfig().identifiers)

    def rendered(body: str) -> str:
        return renderer.text("a.md", body, (), lambda path: None, lambda number, tree: None).body

    assert rendered("# T\n\n" + "[a][" * 1_000).startswith("<pre")
    assert rendered("- one\n\n  two\n") == TextRenderer(RecordConfig().identifiers).text(
        "a.md", "- one\n\n  two\n", (), lambda path: None, lambda number, tree: None
    ).body  # fmt: skip


def flat(*blocks: tuple[str, BlockKind], links: tuple[Link, ...] = ()) -> Flat:
    return Flat("".join("\x1a" + text for text, _ in blocks), tuple(Block(kind) for _, kind in blocks), links)


@pytest.mark.parametrize(
    ("filed", "page", "found"),
    [
        ("\x1asee CR v0.3\n\n", flat(("see CR v0.3", "paragraph")), "CR v0.3"),
        ("\x1a3. Of  CR v0.3", flat(("3 Of CR v0.3", "heading")), "CR v0.3"),
        ("\x1a`a`\n\x1asee CR v0.3", flat(("\ufffc", "paragraph"), ("\x1asee CR v0.3"[1:], "item")), None),
        ("\x1a\ufffc\x1asee CR v0.3", flat(("see CR v0.3", "item"), ("\ufffc", "paragraph")), "CR v0.3"),
        ("\x1a<b> CR v0.3", flat(("\x01b&gt; CR v0.3", "paragraph")), "CR v0.3"),
        ("\x1aof CR v0.3", flat(("of the CR v0.3", "paragraph")), None),
        ("\x1a3. CR v0.3", flat(("3 CR v0.3", "paragraph")), None),
    ],
)
def test_places_are_carried_over(filed: str, page: Flat, found: str | None) -> None:
    start = filed.index("CR")
    read = ReadText(filed, (), (Marked(start, start + 7, Mark("held", "x", "X")),))
    if found is None:
        with pytest.raises(Unforeseen):
            carried(read, page)
        return
    (marked,) = carried(read, page)
    assert page.text[marked.start : marked.end] == found


@given(st.lists(st.text(alphabet="ab&<>;\n \x1a\ufffc\x013.—", max_size=12), max_size=4))
def test_what_is_carried_over_has_the_same_words(blocks: list[str]) -> None:
    """A page that differs in white space only: every word keeps its letters, or the page is read by itself."""
    filed = "".join("\x1a" + block.replace("\x1a", " ") for block in blocks)
    page = flat(*((" ".join(block.replace("\x1a", " ").split()) + "\n", "paragraph") for block in blocks))
    words = [place for place, sign in enumerate(filed) if sign.isalnum()]
    read = ReadText(filed, (), tuple(Marked(place, place + 1, None) for place in words))
    try:
        places = carried(read, page)
    except Unforeseen:
        return
    assert [page.text[each.start : each.end] for each in places] == [filed[place] for place in words]


_parts = st.sampled_from(
    ["http://a.b", "www.a.b", "(x)", "](y)", "!", "a", "\n", "*", "`", "_", "a@b.c", "mailto:a", "&lt;", "&#91;", "\\"]
)


@given(st.lists(_parts, max_size=12).map("".join))
def test_a_text_without_signs_of_links_has_none(text: str) -> None:
    """Its flat text is not made to look for them."""
    assert not any(sign in text for sign in SIGNS_OF_LINKS)
    assert flatten_markdown(as_visible(text)).links == ()
