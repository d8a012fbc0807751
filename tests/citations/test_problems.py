"""What is wrong with citations and links, and what a citation says about its place."""

from __future__ import annotations

from loomworks_record.record.citations.cite import cite
from loomworks_record.record.record import Record

from citations.records import CR, LEDGER, NOTE, PHASE, header, record_of


def problems(text: str, *attachments: str, **fields: str) -> list[str]:
    record = record_of({**LEDGER, NOTE: header(**fields) + text + "\n"}, attachments)
    return [f"{problem.line} {problem.code}: {problem.message}" for problem in cite(record).problems]


def test_a_section_that_is_missing() -> None:
    assert problems("CR v0.3 §99 says.") == [f"6 section-missing: 'CR v0.3 §99': {CR}-v0_3.md has no §99"]
    assert problems("It is in §3.") == []  # it may be another's


def test_sections_of_html_documents_are_not_asked_for() -> None:
    assert problems("loomworks-brand-guide-v0_15.html §4.") == []


def test_a_version_newer_than_any_held() -> None:
    assert problems("CR v0.9 will say.") == ["6 version-not-held: 'CR v0.9': v0.9 is newer than v0.3, the newest held"]
    assert problems("manifest v0.40 said.") == []
    assert problems("CR v0.9 (engine repo) will say.") == []


def test_a_version_that_the_header_of_the_newest_says_is_not_newer() -> None:
    spec = "phases/phase-70-ledger/phase-70-desk-fit-spec-v0.1.md"
    texts = {
        spec: "# Desk fit spec\n\n**Content revision:** **v0.1.9**\n\nText.\n",
        NOTE: "# Note\n\nDesk Fit Spec v0.1.4.\n",
    }
    assert cite(record_of(texts)).problems == ()
    texts[spec] = "# Desk fit spec\n\n**Status:** Draft. **v0.1.7** has a chair.\n\nText.\n"
    assert cite(record_of(texts)).problems == ()
    texts[spec] = "# Desk fit spec\n\nText.\n"
    assert [problem.code for problem in cite(record_of(texts)).problems] == ["version-not-held"]
    texts[NOTE] = "# Note\n\nDesk Spec v0.1.4.\n"  # it may be another's
    assert cite(record_of(texts)).problems == ()


def test_a_version_in_a_header_may_be_of_what_is_named_before_it() -> None:
    text = "# Desk\n\n**Supersedes:** Door-Spec-v1.0 and v1.2 (locks).\n\nText.\n"
    assert cite(record_of({"desk-spec-v1.0.md": text})).problems == ()


def test_a_link_from_the_root_of_a_site_in_a_folder_leads_there() -> None:
    texts = {
        "docs/guides/a.md": "# A\n\n[b](/guides/b) [c](/guides/) ![d](/d.png) [e](/guides/e)\n",
        "docs/guides/b.md": "# B\n",
    }
    found = cite(record_of(texts, ["docs/d.png"]))
    assert [each.target for each in found.of("docs/guides/a.md")] == ["docs/guides/b.md", None]
    assert [problem.message for problem in found.problems] == ["the link '/guides/e' leads to nothing that is filed"]


def test_a_section_here_or_of_another_name_is_not_the_last_documents() -> None:
    assert problems("phase-70-cr-ledger-v0_3.md — folded here §99.") == []
    assert problems("phase-70-cr-ledger-v0_3.md — as RFC-2119 §99 says.") == []
    assert problems("phase-70-cr-ledger-v0_3.md §Words without end and more.") == []


def test_links_that_lead_nowhere() -> None:
    assert problems("[a](gone-v0_1.md) [b](../phase-99/) [c](#s9)") == [
        f"6 link-broken: 'c': {NOTE} has no #s9",
        "6 link-broken: the link '../phase-99/' leads to nothing that is filed",
        "6 link-broken: the link 'gone-v0_1.md' leads to nothing that is filed",
    ]
    assert problems("[a](phase-70-cr-ledger-v0_3.md#s7-2) [b](../phase-70-ledger/) [c](https://example.org/)") == []
    assert problems("[a](/phases/phase-70-ledger/phase-70-cr-ledger-v0_3.md)") == []


def test_links_that_are_not_safe() -> None:
    assert problems("[a](javascript:alert(1)) [b](mailto:a@example.org)") == [
        "6 link-unsafe: the link 'javascript:alert(1)' is not followed"
    ]


def test_images_and_files_that_are_not_filed() -> None:
    assert problems("![a](images/a.svg) [b](images/b.pdf)", f"{PHASE}/images/a.svg") == [
        "6 attachment-missing: the link 'images/b.pdf' leads to nothing that is filed"
    ]
    assert problems("![a](images/a.svg)") == ["6 attachment-missing: the image 'images/a.svg' is not filed"]
    assert problems("![a](https://example.org/a.png)") == []


def the_record() -> Record:
    body = "Before. It is settled in CR v0.2 §7, as *everyone* knows. After.\n\n## §2 More\n\nSee CR v0.3.\n"
    return record_of({**LEDGER, NOTE: header(Inputs="phase-70-cr-ledger-v0_3.md (engine repo)") + body})


def test_a_citation_says_where_it_stands() -> None:
    found = cite(the_record()).of(NOTE)
    assert [(each.text, each.line, each.where, each.field) for each in found] == [
        ("phase-70-cr-ledger-v0_3.md", 5, "header", "inputs"),
        ("CR v0.2 §7", 7, "", ""),
        ("CR v0.3", 11, "§2", ""),
    ]
    assert found[1].before == "It is settled in "
    assert found[1].after == ", as everyone knows."
    assert found[1].now == f"{CR}-v0_3.md"


def test_citations_by_current_documents_come_first() -> None:
    old, new = f"{PHASE}/archive/a-note-v0_1.md", f"{PHASE}/a-note-v0_2.md"
    citations = cite(record_of({**LEDGER, old: header() + "CR v0.3.", new: header("0.2") + "CR v0.3."}))
    assert [citation.source for citation in citations.by(f"{CR}-v0_3.md")] == [new, old]


def test_lines_of_a_header_value_that_goes_on() -> None:
    text = "# A\n\nVersion. 0.1\n\nInputs. a-note-v0_1.md;\nb-note-v0_1.md;\na-note-v0_1.md.\n\nText.\n"
    found = cite(record_of({**LEDGER, NOTE: text})).of(NOTE)
    assert [(each.text, each.line) for each in found] == [
        ("a-note-v0_1.md", 5),
        ("b-note-v0_1.md", 6),
        ("a-note-v0_1.md", 7),
    ]


def test_what_is_not_held_is_listed_with_its_places() -> None:
    text = "a-note-v0_1.md (project knowledge). CR v0.9 and CR-2026-170 v0.9. CRV-Z9."
    found = cite(record_of({**LEDGER, NOTE: header() + text})).not_held
    assert [(each.name, each.places, len(each.citations)) for each in found] == [
        ("a-note-v0_1.md", ("project knowledge",), 1),
        ("CRV-Z9", (), 1),
        ("phase-70-cr-ledger-v0_9.md", (), 2),
    ]


def test_html_documents_cite_too() -> None:
    html = "<!doctype html><title>A v0.1</title><script>CR v0.2</script><p>See <b>CR</b>\n v0.2.</p><pre>CR v0.2</pre>"
    path = f"{PHASE}/a-deep-read-v0_1.html"
    citations = cite(record_of({**LEDGER, path: html}))
    assert [(each.text, each.line, each.outcome) for each in citations.of(path)] == [("CR v0.2", 1, "superseded")]


def test_a_text_that_cannot_be_decoded_cites_nothing() -> None:
    assert cite(record_of({**LEDGER})).of("phases/none.md") == ()
