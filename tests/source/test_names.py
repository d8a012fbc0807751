"""Names: every hard one of the real record, and the grammar both ways."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from loomworks_record.source import names
from loomworks_record.source.names import Name, chain_path, is_document_name, parse_name, parse_phase_folder
from loomworks_record.source.version import Version

HARD = {
    "an amendment to v0.2 that is itself v0.1": (
        "phase-49-cr-amendment-v0_2-v0_1.md",
        Name("phase-49-cr-amendment-v0_2", Version(0, 1), ".md"),
    ),
    "the version of another document in the middle": (
        "methodology-v0_21-consolidation-draft-material-v0_1.md",
        Name("methodology-v0_21-consolidation-draft-material", Version(0, 1), ".md"),
    ),
    "date and part of the day": (
        "session-handoff-2026-05-08-evening-v0_1.md",
        Name("session-handoff-2026-05-08-evening", Version(0, 1), ".md"),
    ),
    "date and step": (
        "phase-57-halt-surface-2026-05-12-step-2b-live-v0_1.md",
        Name("phase-57-halt-surface-2026-05-12-step-2b-live", Version(0, 1), ".md"),
    ),
    "a cycle is no version": (
        "loomworks-phase-57-cr-amendment-2-handoff-v0_1.md",
        Name("loomworks-phase-57-cr-amendment-2-handoff", Version(0, 1), ".md"),
    ),
    "the first cycle has no number": (
        "loomworks-phase-57-cr-amendment-handoff-v0_1.md",
        Name("loomworks-phase-57-cr-amendment-handoff", Version(0, 1), ".md"),
    ),
    "no version at all": ("README.md", Name("README", None, ".md")),
    "three numbers": ("loomworks-reference-v0_1_2.md", Name("loomworks-reference", Version(0, 1, 2), ".md")),
    "two digits": ("current-status-manifest-v0_41.md", Name("current-status-manifest", Version(0, 41), ".md")),
    "an extension as a word": ("loomworks-design-md-v0_1.md", Name("loomworks-design-md", Version(0, 1), ".md")),
    "HTML": ("foray-protocol-deep-read-v0_1.html", Name("foray-protocol-deep-read", Version(0, 1), ".html")),
    "no extension": ("loomworks-brand-guide-v0_15", Name("loomworks-brand-guide", Version(0, 15), "")),
    "a name that is all version": ("v0_1.md", Name("v0_1", None, ".md")),
    "numbers as no one writes them": ("a-v0_01.md", Name("a-v0_01", None, ".md")),
    "seven digits": ("a-v0_1234567.md", Name("a-v0_1234567", None, ".md")),
    "digits of another script": ("a-v1\u0663_0.md", Name("a-v1\u0663_0", None, ".md")),
    "only an extension": (".md", Name(".md", None, "")),
    "a line end after the version": ("a-v0_1\n", Name("a-v0_1\n", None, "")),
}


@pytest.mark.parametrize(("filename", "expected"), HARD.values(), ids=HARD)
def test_hard_name(filename: str, expected: Name) -> None:
    assert parse_name(filename) == expected
    assert str(expected) == filename


_number = st.one_of(st.integers(0, 120), st.integers(0, 999_999)).map(str)
_run = st.builds("-v{}_{}".format, _number, _number) | st.builds("-v{}_{}_{}".format, _number, _number, _number)
_words = st.text("abv0189-_. \u00fc\u0661\n", max_size=12)
_filenames = st.builds("".join, st.lists(_words | _run | st.sampled_from([".md", ".html", "-v"]), max_size=5))


@given(_filenames | st.text())
@example("a-v0_1234567.md")
def test_a_name_is_written_back_as_it_was(filename: str) -> None:
    assert str(parse_name(filename)) == filename


@given(_words, _number, _number, st.none() | _number, st.sampled_from([".md", ".html", ""]))
def test_the_version_is_the_last_run(words: str, major: str, minor: str, patch: str | None, extension: str) -> None:
    version = Version(int(major), int(minor), None if patch is None else int(patch))
    read = parse_name(f"x{words}-v9_9-{version.slug}{extension}")
    assert read == Name(f"x{words}-v9_9", version, extension)


MALFORMED = ["a-v0.1.md", "a-v1.md", "a-V0_1.md", "a-v0_1-draft.md", "a-v0_1_2_3.md", "a_v0_1.md", "a-v0_01.md"]


@pytest.mark.parametrize("filename", MALFORMED)
def test_a_version_that_breaks_the_grammar_is_seen(filename: str) -> None:
    read = parse_name(filename)
    assert read.version is None
    assert read.malformed_version


@pytest.mark.parametrize(
    "filename", ["README.md", "a-v0_1.md", "phase-57-notes.md", "vault.md", "a-v0_2-notes-v0_1.md"]
)
def test_no_version_is_no_malformed_one(filename: str) -> None:
    assert parse_name(filename).malformed_version is None


@pytest.mark.parametrize(
    ("filename", "is_document"),
    [
        ("a-v0_1.md", True),
        ("README.md", True),
        ("a.html", True),
        ("a-v0_1", True),
        ("LICENSE", False),
        ("a-v0_1.docx", False),
        ("picture.png", False),
        (".md", False),
    ],
)
def test_documents_and_attachments(filename: str, is_document: bool) -> None:
    assert is_document_name(filename) is is_document


@pytest.mark.parametrize(
    ("folder", "number", "slug"),
    [
        ("phase-57-marketing-engagement-creation", 57, "marketing-engagement-creation"),
        ("phase-06", 6, ""),
        ("phase-006-x", 6, "x"),
        ("phase-0", 0, ""),
        ("phase-56", 56, ""),
        ("phase-57b-x", None, "phase-57b-x"),
        ("planning", None, "planning"),
    ],
)
def test_phase_folders(folder: str, number: int | None, slug: str) -> None:
    read = parse_phase_folder(folder)
    assert (read.number, read.slug) == (number, slug)


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("phases/phase-06/phase-6-notes-v0_1.md", 6),
        ("phases/phase-57-x/archive/a-v0_1.md", 57),
        ("phases/archive/phase-57-x/a-v0_1.md", None),
        ("phases/a-v0_1.md", None),
        ("other/phase-57-x/a-v0_1.md", None),
    ],
)
def test_the_phase_is_that_of_the_folder(path: str, number: int | None) -> None:
    folder = names.phase_folder(path)
    assert (folder.number if folder else None) == number


@pytest.mark.parametrize(("filename", "number"), [("phase-6-x-v0_1.md", 6), ("loomworks-phase-57-x.md", 57)])
def test_the_phase_that_a_name_says(filename: str, number: int) -> None:
    assert parse_name(filename).phase_number == number


@pytest.mark.parametrize(
    ("path", "chain"),
    [
        ("phases/phase-57-x/archive/phase-57-cr-x-v0_2.md", "phases/phase-57-x/phase-57-cr-x"),
        ("phases/phase-57-x/phase-57-cr-x-v0_4.md", "phases/phase-57-x/phase-57-cr-x"),
        ("a/loomworks-x-v0_1.html", "a/loomworks-x"),
        ("a/x-v0_1.md", "a/x"),
        ("phase-49-cr-amendment-v0_2-v0_1.md", "phase-49-cr-amendment-v0_2"),
        ("protocols/ova/README.md", "protocols/ova/README"),
        ("archive/archive/a-v0_1", "a"),
    ],
)
def test_a_chain_is_the_path_without_archive_version_and_extension(path: str, chain: str) -> None:
    assert chain_path(path) == chain


@given(st.lists(st.sampled_from(["a", "archive", "b"]), max_size=4), _filenames.filter(bool))
def test_moving_into_archive_keeps_the_chain(folders: list[str], filename: str) -> None:
    filename = filename.replace("/", "")
    here = "/".join([*folders, filename])
    there = "/".join([*folders, "archive", filename])
    assert chain_path(here) == chain_path(there)
    assert names.in_archive(there)
    assert names.in_archive(here) is ("archive" in folders)


@pytest.mark.parametrize(
    ("stem", "cycle", "numbered"),
    [
        ("phase-57-cr-amendment-handoff", 1, False),
        ("phase-57-cr-amendment-2-handoff", 2, True),
        ("phase-57-cr-amendment-cycle-2-handoff", 2, True),
        ("phase-57-cr-amendment-2", 2, True),
        ("phase-57-amendment-3-findings", 3, True),
        ("phase-49-step-4-amendment-scoping", 1, False),
        ("phase-49-cr-amendment-v0_2", 1, False),
        ("phase-57-cr-Amendment-0-handoff", 1, True),
        ("phase-57-cr-amendments", None, False),
        ("phase-57-cr-marketing", None, False),
    ],
)
def test_the_cycle_that_a_name_says(stem: str, cycle: int | None, numbered: bool) -> None:
    name = parse_name(f"{stem}-v0_1.md")
    assert (name.cycle, name.numbers_cycle) == (cycle, numbered)
