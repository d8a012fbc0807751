"""Which rows are proposed for a folder, and for which nothing is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from loomworks_record.adoption.adopt import Adoption, adopt, with_rows
from loomworks_record.record.record import Record
from loomworks_record.source.config import RecordConfig, parse_config
from loomworks_record.source.project import Project
from loomworks_record.source.store import read_content
from support.site import write_content

from adoption.folders import chain, series, text


def look(folder: Path, content: Mapping[str, str], options: Mapping[str, Any] | None = None) -> Adoption:
    write_content(content, folder)
    config = parse_config(options or {})
    return adopt(Project(folder.parent, folder, folder, "", config, is_own_content=False), options or {})


def versions(folder: Path, found: Adoption) -> dict[str, str]:
    """Path → version and standing, of the documents that have one with the rows."""
    config = parse_config(found.options)
    record = Record(config, read_content(folder, config.kinds, notation=config.notation))
    return {each.path: f"{each.version} {record.standing(each)}" for each in record.documents if each.version}


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        ("rates-N.md", ["00", "01", "02"]), ("rates_N.md", ["1", "2", "3"]), ("rates N.md", ["07", "08"]),
        ("rates-rN.md", ["1", "2"]), ("rates_revN.md", ["1", "2", "10"]), ("rates-Ne.html", ["1", "2"]),
        ("rates (N).md", ["1", "2"]), ("rates-N.md", ["1.0", "1.1", "2.0"]),
        ("rates_N.md", ["2026-03-01", "2026-04-01"]),
        ("N-rates.md", ["2026-03-01", "2026-04-01"]), ("rates-N.md", ["20260301", "20260401"]),
        ("rates_vN_final_text.md", ["1", "2"]), ("Rates-vN-Specification.md", ["4_0", "4_1"]),
        ("vN/rates.md", ["1.0", "1.1"]), ("N/rates.md", ["2024-01-01", "2025-01-01"]), ("draftN/rates.md", ["1", "2"]),
    ],
)  # fmt: skip
def test_versions_of_one_thing(tmp_path: Path, form: str, numbers: list[str]) -> None:
    beside = {"depots.md": text("depots"), **series("chapter-N-of-handbook.md", ["1", "2", "3"])}
    found = look(tmp_path, chain(form, numbers) | beside)
    assert [row.option for row in found.rows] == ["versions"]
    assert (found.rows[0].count, found.then.versions - found.now.versions) == (len(numbers), len(numbers))
    standings = [
        said.split()[1]
        for _, said in sorted(versions(tmp_path, found).items(), key=lambda each: numbers.index(_number(form, each[0])))
    ]
    assert standings == ["archived"] * (len(numbers) - 1) + ["current"]


def _number(form: str, path: str) -> str:
    before, _, after = form.partition("N")
    return path.removeprefix(before).removesuffix(after)


@pytest.mark.parametrize(
    "content",
    [
        series("chapter-N.md", ["01", "02", "03"]), series("lesson_N.md", ["1", "2", "3"], "Lesson"),
        series("minutes-N.md", ["2026-03-01", "2026-03-08", "2026-03-15"], "Minutes"),
        series("N-report.md", ["2026-03-01", "2026-04-01"], "Weekly report"),
        series("phase-N-plan.md", ["1", "2"], "Plan"), series("python-N.md", ["3.11", "3.12"]),
        series("iso-N.md", ["9001", "9002"]), series("adr-N.md", ["0001", "0002", "0003"]),
        series("track-vN/intro.md", ["1", "2"], "Intro"), series("N/notes.md", ["2024", "2025"], "Notes"),
        {"plan-v0_2-v0_1.md": text("plan"), "plan-v0_3-v0_1.md": text("plan", 1)},  # about v0.2 and v0.3
        {"rates-01.md": text("rates"), "depots-02.md": text("depots")}, {"rates-2.md": text("rates")},
        {"de/rates.md": text("preise"), "fr/rates.md": text("tarifs")},
    ],
)  # fmt: skip
def test_what_only_counts(tmp_path: Path, content: dict[str, str]) -> None:
    found = look(tmp_path, content)
    assert [row for row in found.rows if row.option in ("versions", "archive_folders")] == []
    assert found.then.versions == found.now.versions


def test_chapters_beside_drafts_stay_what_they_are(tmp_path: Path) -> None:
    """The form that is proposed names what it is of, where another use of the same form is there."""
    content = chain("rates-N.md", ["01", "02"]) | chain("tolls-N.md", ["01", "02"], "tolls")
    found = look(tmp_path, content | series("chapter-N.md", ["01", "02", "03"]))
    assert set(versions(tmp_path, found)) == set(content)
    assert "rates|tolls" in found.rows[0].value["pattern"]


def test_a_first_word_in_common_takes_single_versions_along(tmp_path: Path) -> None:
    content = {"memo-ferry-00.md": text("ferry"), **chain("memo-rates-N.md", ["00", "01", "02"])}
    content |= chain("memo-tolls-N.md", ["00", "01"], "tolls")
    found = look(tmp_path, content | series("chapter-N.md", ["01", "02"]))
    assert set(versions(tmp_path, found)) == set(content)


@pytest.mark.parametrize(("name", "title"), [("memo-phase-01.md", "Ferry"), ("memo-ferry-07.md", "Ferry 7")])
def test_what_counts_is_not_taken_along(tmp_path: Path, name: str, title: str) -> None:
    content = chain("memo-rates-N.md", ["00", "01", "02"]) | chain("memo-tolls-N.md", ["00", "01"], "tolls")
    found = look(tmp_path, content | {name: text("ferry", title=title)})
    assert set(versions(tmp_path, found)) == set(content)


def test_a_dated_copy_stands_before_the_living_document(tmp_path: Path) -> None:
    content = {"archive/2026-04-18_rates.md": text("rates"), "rates.md": text("rates", 1)}
    content |= {"archive/2026-04-20_minutes.md": text("minutes")}
    found = look(tmp_path, content)
    assert versions(tmp_path, found) == {"archive/2026-04-18_rates.md": "2026-04-18 archived"}


def test_a_form_that_is_read_needs_no_row(tmp_path: Path) -> None:
    content = chain("draft-fox-rates-N.md", ["00", "01"]) | {"draft-fox-tolls-00.md": text("tolls")}
    found = look(tmp_path, content)
    assert [(row.option, row.value) for row in found.rows] == [("conventions", "ietf-draft")]
    assert found.then.versions == 3


def test_an_edition_that_the_text_says(tmp_path: Path) -> None:
    found = look(
        tmp_path, {"manual_6e.md": text("manual", header="*Sixth edition, with tolls*"), "size_4e.md": text("size")}
    )
    assert list(versions(tmp_path, found)) == ["manual_6e.md"]


def test_folders_of_what_no_longer_holds(tmp_path: Path) -> None:
    retired = "**Status:** Superseded"
    content = {
        "abgelegt/rates-v0.1.md": text("rates"),
        "abgelegt/rates-v0.2.md": text("rates", 1),
        "rates-v0.3.md": text("rates", 2),
    }
    content |= {f"attic/{name}.md": text(name, header=retired) for name in ("tolls", "ferry", "customs")}
    content |= {f"drafts/{name}.md": text(name) for name in ("lanes", "duty", "zones")}
    found = look(tmp_path, content)
    assert [(row.option, row.value) for row in found.rows] == [
        ("archive_folders", "abgelegt"),
        ("archive_folders", "attic"),
    ]
    assert (found.now.archived, found.then.archived) == (1, 5)


def test_a_folder_that_holds_the_newer_version_is_no_archive(tmp_path: Path) -> None:
    content = {
        "next/rates-v0.2.md": text("rates"),
        "next/tolls-v0.2.md": text("tolls"),
        "rates-v0.1.md": text("rates"),
        "tolls-v0.1.md": text("tolls"),
    }
    assert look(tmp_path, content).rows == ()


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("**Angelegt:** 4 March 2026", {"Angelegt": "Date"}), ("Angelegt: 2026-03-04\nOrt: Ulm", {"Angelegt": "Date"}),
        ("- Angelegt: 2026-03-04\n- Ort: Ulm", {"Angelegt": "Date"}), ("> Angelegt: 2026-03-04", {"Angelegt": "Date"}),
        ("| Angelegt | 2026-03-04 |\n|---|---|\n| Version | 0.1 |", {"Angelegt": "Date"}),
        ("**Zustand:** Draft", {"Zustand": "Status"}), ("Stage: Accepted", {"Stage": "Status"}),
        ("**Deadline:** 2026-03-04", None), ("Next review: 2026-03-04", None), ("**Gültig bis:** 2026-03-04", None),
        ("**Date:** 2026-03-04\n**Angelegt:** 2026-03-01", None), ("**Status:** Draft\n**Stage:** Final", None),
        ("**Ort:** Ulm", None), ("**Docname:** draft-fox-NAME", None), ("**Node:** 18.2", None),
    ],
)  # fmt: skip
def test_labels_of_ones_own(tmp_path: Path, header: str, row: dict[str, str] | None) -> None:
    names = ("rates", "tolls", "ferry", "customs")
    found = look(tmp_path, {f"{name}.md": text(name, header=header.replace("NAME", name)) for name in names})
    assert [each.value for each in found.rows] == ([row] if row else [])
    if row and "Date" in row.values():
        assert (found.now.dates, found.then.dates) == (0, 4)


def test_a_date_that_names_contradict_is_of_something_else(tmp_path: Path) -> None:
    held = {
        f"2026-03-0{n}-{name}.md": text(name, header="**Opened:** 2019-01-01")
        for n, name in enumerate(("a", "b", "c"), 1)
    }
    assert look(tmp_path, {path: body.replace("# ", "# Note ") for path, body in held.items()}).rows == ()


def test_a_version_under_another_label_where_names_say_the_same(tmp_path: Path) -> None:
    content = {
        f"{name}-v0.2.md": text(name, header="**Fassung:** 0.2\n**Node:** 18.2") for name in ("rates", "tolls", "ferry")
    }
    assert [row.value for row in look(tmp_path, content).rows] == [{"Fassung": "Version"}]


def test_words_of_a_status(tmp_path: Path) -> None:
    content = {
        "rates.md": text("rates", header="**Status:** Zurückgezogen"),
        "tolls.md": text("tolls", header="**Status:** Aufgehoben 2026"),
    }
    found = look(tmp_path, content | {"ferry.md": text("ferry", header="**Status:** Open")})
    assert [row.value for row in found.rows] == [
        {"word": "aufgehoben", "means": "not-in-force"}, {"word": "zurückgezogen", "means": "not-in-force"},
    ]  # fmt: skip


def test_sorts_of_documents_become_kinds_and_topics_do_not(tmp_path: Path) -> None:
    names = ("rates", "tolls", "ferry", "customs", "lanes")
    content = {f"{name}-runbook.md": text(name, title=f"{name} runbook") for name in names}
    content |= {f"{name}-harbour.md": text(name + "h", title=f"{name} harbour") for name in names}
    content |= {f"{name}_review.md": text(name + "r", title=name) for name in names}  # no title says so
    assert [row.value["kind"] for row in look(tmp_path, content).rows] == ["runbook"]


_ADR = "# @. Use bands\n\n## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n"
_KEP = "# KEP-@: Bands\n\n## Summary\n\nA.\n\n## Motivation\n\nB.\n\n### Graduation Criteria\n\nC.\n"


@pytest.mark.parametrize(
    ("name", "path", "body"),
    [
        ("adr", "adr/000@-use-bands.md", _ADR), ("kep", "keps/sig/@-bands/README.md", _KEP),
        ("madr", "decisions/000@-b.md", "# B\n\n## Context and Problem Statement\n\nA.\n\n## Decision Outcome\n\nB.\n"),
        ("eip", "EIPS/eip-@.md", "---\neip: @\ntitle: Bands\nstatus: Draft\n---\n\n## Abstract\n\nA.\n"),
        ("rfc", "text/000@-b.md", "- Feature Name: bands\n- Start Date: 2026-03-04\n\n# Summary\n\nA.\n"),
        ("rfc", "RFC-01@-v1.md", "# RFC-01@: Bands\n\nVersion: 1\nStatus: Accepted\n\n## 1. Form\n\nA.\n"),
        ("rfc", "rfcs/rfc-@-bands.md", "---\nstatus: Draft\n---\n\n# Bands @\n\nA.\n"),
        ("bip", "bip-000@.md", "---\nbip: @\ntitle: Bands\nstatus: Draft\n---\n\n## Abstract\n\nA.\n"),
        ("pep", "peps/pep-000@.md", "---\nPEP: @\nTitle: Bands\nStatus: Draft\n---\n\n# Abstract\n\nA.\n"),
        ("ietf-draft", "draft-fox-bands-0@.md", "---\ntitle: Bands\n--- abstract\n\nA.\n"),
    ],
)  # fmt: skip
def test_conventions_are_told_by_their_signs(tmp_path: Path, name: str, path: str, body: str) -> None:
    content = {path.replace("@", str(n)): body.replace("@", str(n)) for n in (1, 2, 3)}
    found = look(tmp_path, content)
    assert [(row.option, row.value, row.count) for row in found.rows] == [("conventions", name, 3)]
    assert look(tmp_path, {}, found.options).rows == ()


def test_rows_join_those_that_are_there(tmp_path: Path) -> None:
    own = {"labels": {"Ort": "Audience"}, "versions": [{"pattern": r"=(?P<number>\d)$"}]}
    found = look(
        tmp_path,
        chain("rates-N.md", ["01", "02"], header="**Angelegt:** 2026-03-0N")
        | chain("tolls-N.md", ["01", "02"], "tolls"),
        own,
    )
    merged = with_rows(own, found.rows)
    assert found.options == merged
    assert next(row["pattern"] for row in merged["versions"]) == own["versions"][0]["pattern"]
    assert parse_config(merged) != RecordConfig()


def _numbered(form: str, numbers: range, title: str = "", header: str = "") -> dict[str, str]:
    """Documents that have a number: ``N`` in name, title and header"""
    return {
        form.replace("N", f"{n:04}"): text(
            f"{form} {n}", title=title.replace("N", f"{n:04}"), header=header.replace("N", str(n))
        )
        for n in numbers
    }


@pytest.mark.parametrize(
    ("content", "said", "row"),
    [
        (_numbered("calls/call-N.md", range(1, 6)), "CALL-3", {"prefix": "CALL"}),
        (_numbered("calls/N-x.md", range(1, 6)), "CALL-0003", {"prefix": "CALL", "folders": ["calls"]}),
        (_numbered("calls/N-x/README.md", range(1, 6)), "CALL 3", {"prefix": "CALL", "folders": ["calls"]}),
        (_numbered("sNx.md", range(1, 6), title="CALL-N: Use bands"), "CALL-3", {"prefix": "CALL"}),
        (_numbered("sNx.md", range(1, 6), header="**CALL:** N"), "CALL-3", {"prefix": "CALL"}),
        ({"log.md": "# Log\n" + "".join(f"\n## CALL-{n} Bands\n\nYes.\n" for n in range(1, 6))}, "CALL-3",
         {"prefix": "CALL", "defined_by": ["heading"]}),
        (_numbered("calls/call-N.md", range(1, 6)), "CALL-9", None),  # of another series, as RFC 2119 is
        (_numbered("calls/call-N.md", range(1, 6)), "nothing", None),
        (_numbered("calls/call-N-a.md", range(1, 6)) | _numbered("calls/call-N-b.md", range(1, 6)), "CALL-3", None),
        (_numbered("phase-N.md", range(1, 6)), "PHASE-3", None), (_numbered("week-N.md", range(1, 6)), "WEEK 3", None),
    ],
)  # fmt: skip
def test_numbers_that_texts_use(tmp_path: Path, content: dict[str, str], said: str, row: dict[str, Any] | None) -> None:
    texts = {f"note {at}.md": f"# Note\n\nAs {said.replace('3', at)} says.\n" for at in "135"}
    rows = look(tmp_path, content | texts).rows
    assert [each.value for each in rows if each.option == "identifiers"] == (
        [{"kind": "call", "label": "CALL", **row}] if row else []
    )


def test_phases_are_seen_and_those_outside_of_phases_are_told(tmp_path: Path) -> None:
    content = {"phases/phase-7-toll/phase-7-cr-toll-v0_1.md": text("toll"), "phases/phase-12/plan.md": text("plan")}
    found = look(tmp_path, content | {"office/phase-3-plan-v0.1.md": text("three")})
    assert [(each.name, each.count, each.note[:8]) for each in found.seen if each.sort == "Phases"] == [
        ("phase 7 to 12", 2, ""), ("named after a phase", 1, "not read"),
    ]  # fmt: skip


def test_names_that_are_a_version_alone(tmp_path: Path) -> None:
    found = look(tmp_path, chain("versions/N.md", ["1.2", "2.0", "3.0.1"]))
    assert versions(tmp_path, found) == {
        "versions/1.2.md": "1.2 archived", "versions/2.0.md": "2.0 archived", "versions/3.0.1.md": "3.0.1 current",
    }  # fmt: skip


def test_a_title_that_counts_is_of_a_series(tmp_path: Path) -> None:
    """However alike the texts are."""
    content = {f"vector-{n}.md": text("vectors", n, title=f"Test vector {n}") for n in (1, 2, 3)}
    assert look(tmp_path, content).rows == ()
    content = {f"rates-{n}.md": text("rates", n, title=f"Rates, draft {n}") for n in (1, 2, 3)}
    assert len(look(tmp_path / "drafts", content).rows) == 1


def test_an_archive_of_versions_that_need_a_row_themselves(tmp_path: Path) -> None:
    content = chain("tolls-N.md", ["01", "02"], "tolls") | chain("attic/tolls-N.md", ["00"], "tolls")
    content |= chain("lanes-N.md", ["03", "04"], "lanes") | chain("attic/lanes-N.md", ["01", "02"], "lanes")
    found = look(tmp_path, content)
    assert [row.option for row in found.rows] == ["versions", "archive_folders"]
    assert found.then.archived == 5


def test_what_a_template_gives_to_every_page_says_nothing(tmp_path: Path) -> None:
    frame = text("frame")
    pages = {f"{name}.html": f"<h1>{name}</h1>{frame}<p>{text(name)[:60]}</p>" for name in ("tree", "all", "help")}
    pages |= {f"letters-{n}.html": f"<h1>Letters</h1>{frame}<p>{text(str(n))[:900]}</p>" for n in (1, 2, 3)}
    pages |= {f"guide/index-{n}.html": f"<h1>Index</h1>{text('index', n)}" for n in (1, 2, 3)}  # pages of an index
    assert look(tmp_path, pages).rows == ()


def test_a_date_after_a_version_is_not_part_of_the_subject(tmp_path: Path) -> None:
    content = {"rates_v1.0_2026-02-09.md": text("rates"), "rates_v1.1_2026-02-18.md": text("rates", 1)}
    assert versions(tmp_path, look(tmp_path, content)) == {
        "rates_v1.0_2026-02-09.md": "1.0 archived", "rates_v1.1_2026-02-18.md": "1.1 current",
    }  # fmt: skip


def test_identifiers_are_seen(tmp_path: Path) -> None:
    content = {"a.md": "# A\n\nGate 5b, P57-D7 and Step 2.\n", "b.md": "# B\n\nGate 7 is in Step 2c.\n"}
    seen = [(s.name, s.count, s.examples) for s in look(tmp_path, content).seen if s.sort == "Identifiers"]
    assert seen == [("Decision", 1, ("P57-D7",)), ("Gate", 2, ("Gate 5b", "Gate 7")), ("Step", 1, ("Step 2c",))]


def test_numbers_of_several_series_are_taken_away_from_a_convention(tmp_path: Path) -> None:
    content = {f"{team}/000{n}-b.md": _ADR.replace("@", str(n)) for n in (1, 2, 3) for team in ("api", "web", "app")}
    found = look(tmp_path, content)
    row = {"kind": "decision-record", "pattern": ""}
    assert [each.value for each in found.rows] == ["adr", row]
    assert "decision-record" not in {each.kind for each in parse_config(found.options).identifiers}


def test_of_two_conventions_with_the_same_rows_one_is_proposed(tmp_path: Path) -> None:
    madr = "# Bands @\n\n## Context and Problem Statement\n\nA.\n\n## Decision Outcome\n\nB.\n"
    content = {f"adr/000{n}-b.md": madr.replace("@", str(n)) for n in (1, 2, 3, 4)}
    content |= {f"adr/001{n}-b.md": _ADR.replace("@", str(n)) for n in (1, 2, 3)}
    assert [row.value for row in look(tmp_path, content).rows] == ["madr"]


def test_a_word_of_a_status_is_told_whole(tmp_path: Path) -> None:
    content = {"a.md": text("a", header="**Status:** In force"), "b.md": text("b", header="**Status:** Open since May")}
    seen = [(each.name, each.note) for each in look(tmp_path, content).seen if each.sort == "Status"]
    assert seen == [("In force", "in force"), ("Open", "")]


def test_notes_about_other_rfcs_are_no_sign(tmp_path: Path) -> None:
    found = look(tmp_path, {f"rfc-211{n}-notes.md": f"# What RFC 211{n} says\n\nA.\n" for n in (1, 2, 3)})
    assert not [row for row in found.rows if row.option == "conventions"]


def test_what_is_seen_is_called_as_it_is_filed(tmp_path: Path) -> None:
    content = {f"rates-v{n}.md": f"---\ntitle: Rates {n}\nrevision: {n}\n---\n\nA {n}.\n" for n in (1, 2)}
    seen = {(each.sort, each.name, each.count) for each in look(tmp_path, content).seen}
    assert {("Versions", "-vN", 2), ("Labels", "Title", 2)} <= seen
