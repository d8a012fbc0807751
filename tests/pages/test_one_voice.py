"""What pages say of one thing is said once, in the same words, and leads on."""

from __future__ import annotations

from collections.abc import Sequence

import click
from build.workshop import SITE
from citations.records import SAMPLE, cited, header, record_of
from click.testing import CliRunner
from loomworks_record.cli.main import record as command
from loomworks_record.pages.document import DocumentPage, document_head, document_page
from loomworks_record.pages.history import history_page
from loomworks_record.pages.overviews import halts, phases_page
from loomworks_record.pages.phase import phase_page
from loomworks_record.pages.registers import not_held_register
from loomworks_record.pages.shell import Link
from loomworks_record.pages.site_files import llms_txt
from loomworks_record.pages.wording import bare_title, full_name
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole

LONG = "Names every paragraph that differs. " * 20


def page_of(record: Record, path: str) -> DocumentPage:
    return document_page(Whole(record), SITE, record.by_path[path])


def test_a_title_that_ends_in_its_version_has_it_once() -> None:
    titles = {
        "a-v0_1.md": "Fabric: an investigation, v0.1",
        "b-v0_1.md": "Fabric (v0.1)",
        "c-v0_1.md": "Fabric — Version 0.1",
        "d-v0_1.md": "Fabric",
        "e-v0_1.md": "About v0.12",
    }
    record = record_of({path: f"# {title}\n\nText.\n" for path, title in titles.items()})
    assert [bare_title(record.by_path[path]) for path in titles] == [
        "Fabric: an investigation", "Fabric", "Fabric", "Fabric", "About v0.12",
    ]  # fmt: skip
    document = record.by_path["a-v0_1.md"]
    page = page_of(record, "a-v0_1.md")
    said = [
        full_name(record, document),
        document_head(record, SITE, document, page).title,
        page.provenance.cite_text,
        llms_txt(record, "R", "L", str, {}),
    ]
    assert all(words.count("v0.1") == 1 for words in (said[0], said[1].partition(" · ")[0], said[2].partition(". ")[0]))
    assert "Fabric: an investigation, v0.1](" in said[3]


def folded(fields: Sequence[str], **values: str) -> list[str]:
    record = record_of({"a-v0_1.md": header(**values) + "Text.\n"})
    page = page_of(record, "a-v0_1.md")
    return [fact.label for fact in page.facts if fact.folded and fact.label in fields]


def test_the_amendment_record_of_this_version_is_shown_and_older_ones_are_folded() -> None:
    own, older = "Amendment record (cycle 2, this version)", "Amendment record (cycle 1)"
    both = {own: LONG, older: LONG, "Inputs": LONG}
    assert folded(list(both), **both) == [older, "Inputs"]
    assert folded(["Amendment record"], **{"Amendment record": LONG}) == []


def test_a_history_folds_what_is_long_and_loses_no_word() -> None:
    record = record_of({"a-v0_1.md": header(**{"Amendment record": LONG.strip()}) + "Text.\n"})
    (entry,) = history_page(Whole(record), record.chains[0]).entries
    said, rest = ("".join(part.text for part in parts) for parts in (entry.said, entry.rest))
    assert f"{said} {rest}" == LONG.strip()
    assert len(said) <= 400
    short = record_of({"a-v0_1.md": header(**{"Amendment record": "A short one, whole."}) + "Text.\n"})
    (entry,) = history_page(Whole(short), short.chains[0]).entries
    assert (entry.said, entry.rest) == ((Link("A short one, whole.", ""),), ())


def test_a_history_links_what_a_version_says_that_it_cites() -> None:
    said = "Answers `halt-v0_1.md`, whose halt-v0_10.md is another, and a note that nobody holds: gone-v0_1.md."
    files = {"a-v0_1.md": header(**{"Amendment record": said}) + "Text.\n", "halt-v0_1.md": header() + "Text.\n"}
    whole = Whole(record_of(files))
    (entry,) = history_page(whole, whole.record.chain_by_id["a"]).entries
    assert "".join(part.text for part in entry.said) == said.replace("`", "")
    assert [(part.text, part.address) for part in entry.said if part.address] == [
        ("halt-v0_1.md", "view/halt-v0_1.md.html")
    ]


def test_a_history_shows_the_words_of_a_link_and_not_its_marks() -> None:
    files = {"0001-a.md": "# 1. A\n\n## Status\n\nSuperseded by [2. Use B](0002-b.md)\n", "0002-b.md": "# 2. Use B\n"}
    whole = Whole(record_of(files))
    (entry,) = history_page(whole, whole.record.chain_by_id["0001-a"]).entries
    assert entry.said == (Link("Superseded by ", ""), Link("2. Use B", "view/0002-b.md.html"))


def test_what_many_cite_is_named_first_among_what_is_not_held() -> None:
    rows = not_held_register(cited(SAMPLE)).documents
    assert [row.documents for row in rows] == sorted((row.documents for row in rows), reverse=True)


def test_an_answered_halt_leads_to_its_answer() -> None:
    stories = Whole(cited(SAMPLE).record).stories
    answered = [row for row in halts(stories) if row.state == "answered"]
    assert answered
    assert all(row.answer.startswith("view/") for row in answered)
    phase = stories.record.phases[-1]
    parts = [part for part in phase_page(stories, phase).parts if part.state == "answered"]
    assert [part.answer.rpartition("-")[2] for part in parts] == ["v0_2.md.html", "v0_3.md.html", "v0_4.md.html"]


def test_no_summary_of_a_command_is_cut() -> None:
    assert isinstance(command, click.Group)
    context = click.Context(command)
    known = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    shown = {
        name: CliRunner().invoke(command, [*name.split(), "--help"]).output.partition("Commands:")[2]
        for name in ("", *(name for name, each in known if isinstance(each, click.Group)))
    }
    assert {"", "log", "cache"} <= shown.keys()
    assert [name for name, said in shown.items() if not said.strip() or "..." in said] == []
    assert "build it again" in " ".join(shown[""].split())


def test_the_contents_count_who_cites_each_section() -> None:
    whole = Whole(cited(SAMPLE).record)
    path = next(path for path in whole.record.by_path if path.endswith("marketing-engagement-creation-v0_4.md"))
    told = document_page(whole, SITE, whole.record.by_path[path]).told
    by = whole.citations.by(path)
    assert told.sections
    for anchor, documents in told.sections.items():
        assert documents == len({citation.source for citation in by if citation.anchor == anchor})


def test_every_mark_of_a_picture_that_is_held_leads_to_its_document_and_says_when() -> None:
    stories = Whole(cited(SAMPLE).record).stories
    page = phase_page(stories, stories.record.phases[-1])
    assert page.picture
    items = {item.number: item for part in page.parts for item in part.items}
    for drawn in page.picture.marks:
        item = items[drawn.step.number]
        assert drawn.step.address == (item.links[-1].address if item.links else "")
        assert drawn.step.title.startswith(f"{item.number}. {item.verb}")
        assert item.date is None or str(item.date.year) in drawn.step.title


def test_a_strip_says_in_words_what_it_draws_and_how_much_it_leaves_out() -> None:
    (newest, *others) = phases_page(Whole(cited(SAMPLE).record))
    assert newest.strip
    assert newest.strip.words.startswith("v0.1, then halt")
    assert newest.strip.words.endswith("v0.4")
    assert [each.mark for each in newest.strip.marks][-2:] == ["answered", "current"]
    for row in (newest, *others):
        assert row.strip
        assert len(row.strip.words.split(", then ")) == len(row.strip.marks) + row.strip.before
    texts = {f"phases/phase-7-x/archive/phase-7-cr-x-v0_{n}.md": header(f"0.{n}") for n in range(1, 20)}
    (long,) = phases_page(Whole(record_of({**texts, "phases/phase-7-x/phase-7-cr-x-v0_20.md": header("0.20")})))
    assert long.strip
    assert (len(long.strip.marks), long.strip.before) == (11, 9)
    wordy = {f"phases/phase-7-x/archive/phase-7-cr-x-v10_12_{n}.md": header(f"10.12.{n}") for n in range(1, 4)}
    (row,) = phases_page(Whole(record_of({**wordy, "phases/phase-7-x/phase-7-cr-x-v10_12_4.md": header("10.12.4")})))
    assert row.strip
    assert [each.label for each in row.strip.marks] == ["", "", "", "v10.12.4"]  # they would stand on each other
    assert row.strip.words == "v10.12.1, then v10.12.2, then v10.12.3, then v10.12.4"
