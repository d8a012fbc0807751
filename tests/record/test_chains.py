"""Chains and standing: the rules, each as an example and over random records."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.record.chains import Chain, chain_problems, chains
from loomworks_record.source.document import Document, read_document
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.version import version_key


def document(path: str, text: str = "# X\n") -> Document:
    return read_document(path, text.encode(), KindTable())


def chain(*paths: str, texts: dict[str, str] | None = None) -> Chain:
    """The one chain of documents at these paths."""
    (only,) = chains(document(path, (texts or {}).get(path, "# X\n")) for path in paths)
    return only


def standings(made: Chain) -> dict[str, str]:
    return {document.path: made.standing(document) for document in made.versions}


def told(made: Chain) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in chain_problems(made)]


def test_the_story_of_a_change_request() -> None:
    made = chain("p/archive/cr-v0_1.md", "p/archive/cr-v0_3.md", "p/cr-v0_4.md", "p/archive/cr-v0_2.md")
    paths = ["p/archive/cr-v0_1.md", "p/archive/cr-v0_2.md", "p/archive/cr-v0_3.md", "p/cr-v0_4.md"]
    assert made.id == "p/cr"
    assert [document.path for document in made.versions] == paths
    assert list(standings(made).values()) == ["archived", "archived", "archived", "current"]
    assert made.current is not None
    assert made.current.path == "p/cr-v0_4.md"
    assert told(made) == []


def test_versions_are_ordered_as_numbers() -> None:
    made = chain("a-v0_11.md", "archive/a-v0_9.md", "archive/a-v0_10.md", "archive/a-v0_9_2.md")
    assert [str(document.version) for document in made.versions] == ["0.9", "0.9.2", "0.10", "0.11"]


def test_an_amendment_is_no_version_of_what_it_amends() -> None:
    found = chains(map(document, ["phase-49-cr-amendment-v0_2-v0_1.md", "phase-49-cr-amendment-v0_2.md"]))
    assert [made.id for made in found] == ["phase-49-cr-amendment", "phase-49-cr-amendment-v0_2"]


def test_cycles_are_no_versions() -> None:
    found = chains(document(f"phase-57-cr-amendment{cycle}-handoff-v0_1.md") for cycle in ("", "-2", "-3"))
    assert len(found) == 3


def test_the_prefix_is_part_of_a_chain() -> None:
    assert len(chains(map(document, ["loomworks-a-v0_1.md", "a-v0_2.md"]))) == 2


def test_a_document_without_version_is_a_chain_of_one() -> None:
    found = chains(map(document, ["README.md", "notes.md", "notes-v0_1.md"]))
    assert [(made.id, len(made.versions)) for made in found] == [("README", 1), ("notes", 1), ("notes.md", 1)]
    assert all(made.current for made in found)


def test_twins_stand_side_by_side_and_the_markdown_is_named() -> None:
    made = chain("a-v0_2.html", "a-v0_2.md", "archive/a-v0_1.html", "archive/a-v0_1.md")
    assert [document.path for document in made.versions] == [
        "archive/a-v0_1.md", "archive/a-v0_1.html", "a-v0_2.md", "a-v0_2.html"
    ]  # fmt: skip
    assert made.current is not None
    assert (made.current.path, made.newest.path) == ("a-v0_2.md", "a-v0_2.md")
    assert [document.path for document in made.named()] == ["archive/a-v0_1.md", "a-v0_2.md"]
    assert set(standings(made).values()) == {"archived", "current"}
    before = {document.path: made.predecessor(document) for document in made.versions}
    assert [(path, other.path) for path, other in before.items() if other] == [
        ("a-v0_2.md", "archive/a-v0_1.md"),
        ("a-v0_2.html", "archive/a-v0_1.html"),
    ]
    assert told(made) == []


def test_where_a_form_is_missing_the_other_form_follows() -> None:
    made = chain("archive/a-v0_1.html", "archive/a-v0_1.md", "a-v0_2.md")
    markdown, html, newer = made.versions
    assert made.successor(markdown) == made.successor(html) == newer
    assert made.predecessor(newer) == markdown


def test_twins_that_lie_apart() -> None:
    made = chain("archive/a-v0_1.md", "a-v0_1.html")
    assert standings(made) == {"archive/a-v0_1.md": "archived", "a-v0_1.html": "current"}
    assert made.current is not None
    assert made.current.path == "a-v0_1.html"
    assert told(made) == [("twins-apart", "archive/a-v0_1.md")]


def test_superseded_twins_that_lie_apart_are_both_archived() -> None:
    made = chain("archive/a-v0_1.md", "a-v0_1.html", "a-v0_2.md")
    assert set(standings(made)) - {"a-v0_2.md"} == {"archive/a-v0_1.md", "a-v0_1.html"}
    assert standings(made)["a-v0_1.html"] == "archived"
    assert told(made) == [("superseded-outside-archive", "a-v0_1.html")]


def test_no_later_version_is_held() -> None:
    made = chain("archive/a-v0_2.md", "archive/a-v0_1.md")
    assert made.current is None
    assert set(standings(made).values()) == {"archived"}
    assert told(made) == [("newest-in-archive", "archive/a-v0_2.md")]


def test_superseded_and_not_under_archive() -> None:
    made = chain("a-v0_1.md", "a-v0_2.md")
    assert standings(made) == {"a-v0_1.md": "archived", "a-v0_2.md": "current"}
    assert told(made) == [("superseded-outside-archive", "a-v0_1.md")]


def test_an_older_version_outside_while_the_newer_is_inside() -> None:
    made = chain("a-v0_1.md", "archive/a-v0_2.md")
    assert made.current is None
    assert set(standings(made).values()) == {"archived"}
    assert told(made) == [("older-outside-newer-archived", "a-v0_1.md")]


def test_the_same_version_twice() -> None:
    texts = {"archive/a-v0_1.md": "# Other\n"}
    made = chain("a-v0_1.md", "archive/a-v0_1.md", texts=texts)
    assert standings(made) == {"a-v0_1.md": "current", "archive/a-v0_1.md": "archived"}
    (problem,) = chain_problems(made)
    assert problem.code == "version-duplicate"
    assert problem.message == "v0.1 is also held at 'a-v0_1.md', with other bytes"
    same = chain("a-v0_1.md", "archive/a-v0_1.md")
    assert "with the same bytes" in next(chain_problems(same)).message


@pytest.mark.parametrize(
    ("versions", "missing"),
    [
        ("v0_1 v0_2 v0_3", None),
        ("v0_2 v0_3", None),
        ("v0_1 v0_1_1 v0_2", None),
        ("v0_1 v0_3", "v0.2 is"),
        ("v0_1 v0_4", "v0.2 and v0.3 are"),
        ("v0_1 v0_11", "v0.2 to v0.10 are"),
        ("v0_9 v1_0", None),
        ("v0_9 v1_1", "v1.0 is"),
    ],
)
def test_gaps(versions: str, missing: str | None) -> None:
    *older, newest = versions.split()
    made = chain(*(f"archive/a-{version}.md" for version in older), f"a-{newest}.md")
    problems = [problem for problem in chain_problems(made) if problem.code == "version-gap"]
    assert [problem.message.split(" not held")[0] for problem in problems] == ([missing] if missing else [])


def test_a_version_dated_before_the_one_it_supersedes() -> None:
    texts = {"archive/a-v0_1.md": "# X\n\n**Date.** 2026-05-12", "a-v0_2.md": "# X\n\n**Date.** 2026-05-11"}
    (problem,) = chain_problems(chain(*texts, texts=texts))
    assert (problem.code, problem.path) == ("date-contradiction", "a-v0_2.md")
    assert problem.message == "dated 2026-05-11, before v0.1 of 2026-05-12"


# Over random records: any versions, in any folders, in any form.

_paths = st.builds(
    "{}{}a{}{}".format,
    st.sampled_from(["", "p/"]),
    st.sampled_from(["", "", "archive/"]),
    st.sampled_from(["", *(f"-v0_{minor}" for minor in range(1, 13)), "-v1_0", "-v0_2_1", "-v0_2-v0_1"]),
    st.sampled_from([".md", ".md", ".html"]),
)
_records = st.sets(_paths, min_size=1, max_size=12)


def made(paths: Iterable[str]) -> list[Chain]:
    return chains(map(document, sorted(paths)))


@given(_records)
def test_every_document_is_in_exactly_one_chain(paths: set[str]) -> None:
    found = made(paths)
    assert sorted(document.path for each in found for document in each.versions) == sorted(paths)
    assert len({each.id for each in found}) == len(found)
    for each in found:
        keys = [version_key(document.version) for document in each.versions]
        assert keys == sorted(keys)
        assert len({document.version is None for document in each.versions}) == 1


@given(_records)
def test_standing_follows_folder_and_later_versions(paths: set[str]) -> None:
    for each in made(paths):
        newest = max(version_key(document.version) for document in each.versions)
        for document in each.versions:
            superseded = version_key(document.version) < newest
            archived = "archive" in document.path.split("/")[:-1] or superseded
            assert each.standing(document) == ("archived" if archived else "current")


@given(_records)
def test_at_most_one_version_is_current(paths: set[str]) -> None:
    for each in made(paths):
        current = {document.version for document in each.versions if each.standing(document) == "current"}
        assert len(current) <= 1
        assert (each.current is None) is (not current)
        if each.current:
            assert each.standing(each.current) == "current"
            assert each.current.version == each.newest.version


@given(_records)
def test_none_is_current_where_the_newest_lies_in_archive_only(paths: set[str]) -> None:
    for each in made(paths):
        newest = [document for document in each.versions if document.version == each.newest.version]
        assert (each.current is None) is all(document.archived_by_folder for document in newest)


@given(_records)
def test_the_markdown_form_is_named(paths: set[str]) -> None:
    for each in made(paths):
        for named in filter(None, [each.current, each.newest, *each.named()]):
            beside = [each.standing(twin) == each.standing(named) for twin in each.twins(named) if twin.form == "md"]
            assert named.form == "md" or not any(beside)


@given(_records)
def test_twins_in_one_place_are_equal_in_standing(paths: set[str]) -> None:
    for each in made(paths):
        for document in each.versions:
            for twin in each.twins(document):
                if twin.archived_by_folder == document.archived_by_folder:
                    assert each.standing(twin) == each.standing(document)
                    assert document in each.twins(twin)


@given(_records)
def test_predecessor_and_successor_are_inverse(paths: set[str]) -> None:
    for each in made(paths):
        held = [document.version for document in each.named()]
        for document in each.versions:
            at = held.index(document.version)
            before, after = each.predecessor(document), each.successor(document)
            assert (before.version if before else None) == (held[at - 1] if at else None)
            assert (after.version if after else None) == (held[at + 1] if at + 1 < len(held) else None)
            for other, back in ((before, each.successor), (after, each.predecessor)):
                if other:
                    again = back(other)
                    assert again is not None
                    assert again.version == document.version
                    forms = {twin.form for twin in [other, *each.twins(other)]}
                    assert other.form == document.form or document.form not in forms


@given(_records)
def test_a_tidy_record_has_no_problem_of_place(paths: set[str]) -> None:
    """Moving every superseded document into archive/, and every newest out of it, mends all problems of place."""
    moved = set()
    for each in made(paths):
        for document in each.versions:
            plain = document.path.replace("archive/", "")
            folder, slash, name = plain.rpartition("/")
            newest = document.version == each.newest.version
            moved.add(plain if newest else f"{folder}{slash}archive/{name}")
    places = {"superseded-outside-archive", "newest-in-archive", "older-outside-newer-archived", "twins-apart",
              "version-duplicate"}  # fmt: skip
    assert not places & {problem.code for each in made(moved) for problem in chain_problems(each)}


def test_a_readme_of_the_archive_is_no_version_of_another() -> None:
    made = chains([document("docs/README.md"), document("docs/archive/README.md")])
    assert [each.id for each in made] == ["docs/README", "docs/archive/README"]
    assert [told(each) for each in made] == [[], []]


def test_a_copy_in_the_archive_leads_to_the_living_document() -> None:
    made = chain("docs/rates.md", "docs/Old/rates.md")
    assert standings(made) == {"docs/Old/rates.md": "archived", "docs/rates.md": "current"}
    assert made.successor(made.versions[0]) is made.current
    assert told(made) == []


@pytest.mark.parametrize("path", ["archive/rates.md", "Retired/rates.md", "a/deprecated/b/rates.md"])
def test_a_retired_document_without_version_is_no_error(path: str) -> None:
    made = chain(path)
    assert standings(made) == {path: "archived"}
    assert told(made) == []


def test_a_retired_version_whose_header_says_so_is_no_contradiction() -> None:
    withdrawn = {"archive/rates-v0_1.md": "# Rates\n\n**Status.** Withdrawn.\n"}
    assert told(chain("archive/rates-v0_1.md", texts=withdrawn)) == []
    assert told(chain("archive/rates-v0_1.md")) == [("newest-in-archive", "archive/rates-v0_1.md")]
    assert told(chain("Abandoned/rates-v0_1.md")) == told(chain("x/retired/rates-v0_1.md")) == []  # the folder says so


def test_a_translation_is_a_twin() -> None:
    made = chain("plan-v0.1.md", "plan-v0.1.zh-CN.md", "plan-v0_2.md")
    assert [str(each.name) for each in made.twins(made.versions[0])] == ["plan-v0.1.zh-CN.md"]
    assert [code for code, _ in told(made)] == ["superseded-outside-archive"] * 2
