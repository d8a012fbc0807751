"""Names: every hard one of the real record, and the grammar both ways."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from loomworks_record.source import names
from loomworks_record.source.names import (
    COMMON,
    Name,
    VersionForm,
    is_document_name,
    parse_name,
    parse_phase_folder,
)
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


# stem → what is shown of the version.
COMMON_FORMS = {
    "plan-v0.2": "0.2", "plan_v0_2": "0.2", "plan-v2": "2", "plan_v12": "12", "plan.v0.1.0": "0.1.0",
    "plan v0.1": "0.1",
    "plan - v0.1": "0.1", "plan-v1.0.2": "1.0.2", "plan-v0.7_1": "0.7.1", "plan-v0.4a": "0.4a", "plan-v5a": "5a",
    "plan-1.0.0v": "1.0.0", "plan-1.0v": "1.0", "plan-v4.0.0-draft": "4.0.0-draft", "plan-v2.0.1-patch": "2.0.1-patch",
    "plan_v0_3_final": "0.3-final", "plan-v1.0rc1": "1.0rc1", "plan-v1.0-rc.2": "1.0-rc2", "plan-V2": "2",
    "plan-v1-alpha2": "1-alpha2", "plan-v0.1.zh-CN": "0.1", "plan-v0_2.de": "0.2", "plan-v02": "02",
}  # fmt: skip


@pytest.mark.parametrize(("stem", "shown"), COMMON_FORMS.items())
def test_the_common_forms_are_read(stem: str, shown: str) -> None:
    read = parse_name(f"{stem}.md")
    assert (read.subject, str(read.version), str(read)) == ("plan", shown, f"{stem}.md")
    assert COMMON.place(f"a/{stem}.md").chain == "a/plan"


def test_the_name_of_an_internet_draft_says_its_version() -> None:
    read = parse_name("draft-fox-rates-03.md")
    assert (read.subject, str(read.version), str(read)) == ("draft-fox-rates", "03", "draft-fox-rates-03.md")
    assert read.version is not None
    assert parse_name("draft-fox-rates-02.md").version < read.version < parse_name("draft-fox-rates-10.md").version


LOOK_ALIKES = [
    "draft-rates-03", "draft-plan-2026-05-12", "draft-plan-2026-05", "draft-my-chapter-02", "Draft-Fox-Rates-03",
    "draft-blog-post-02", "my-draft-fox-rates-03",
    "notes-2026-05-12", "12.05.2026", "phase-57", "phase-05a", "amendment-2-handoff", "step-2b", "python-3.11",
    "sha-256",
    "ipv4", "part-4711-0815", "migration-to-v2", "v1-vs-v2", "lens-v2-design", "section-3.2", "iso-27001", "rfc2119",
    "utf-8",
    "chapter-01", "q3-2026", "covid-19", "adr-0001", "vault", "review-vi", "a-v0.1.js", "f-16v2x", "plan-v0_1-v",
]  # fmt: skip


@pytest.mark.parametrize("stem", LOOK_ALIKES)
def test_what_only_looks_like_a_version_is_none(stem: str) -> None:
    assert parse_name(f"{stem}.md") == Name(stem, None, ".md")


def test_a_name_that_is_all_version_is_that_of_its_folder() -> None:
    read = names.COMMON.place("plans/rooms/archive/v0_2.md")
    assert (read.chain, str(read.name.version), str(read.name), read.archived) == (
        "plans/rooms",
        "0.2",
        "v0_2.md",
        True,
    )
    assert names.COMMON.place("v0_2.md").name.version is None


# A row of the user's, a path, and the chain and version that are read.
FORMS = [
    (VersionForm(r"-(?P<number>\d\d)$"), "fox-rates-03.md", "fox-rates", "03"),
    (VersionForm(r"^(?P<date>\d{4}-\d\d-\d\d)[_-]"), "archive/2026-04-18_rates.md", "rates", "2026-04-18"),
    (VersionForm(r"_(?P<date>\d{8})$"), "rates_20260418.md", "rates", "2026-04-18"),
    (VersionForm(r"_v(?P<version>\d+_\d+)(?P<rest>_Spec)$"), "a/Rates_v4_1_Spec.md", "a/Rates_Spec", "4.1"),
    (VersionForm(r"_(?P<number>\d+)e$"), "manual_6e.md", "manual", "6"),
    (VersionForm(r"v?(?P<version>\d+\.\d+)", of="folder"), "specs/v0.2/rates.md", "specs/rates", "0.2"),
    (VersionForm(r"(?P<date>\d{4}-\d\d-\d\d)-CR", of="folder"), "a/2021-03-09-CR/index.html", "a/index", "2021-03-09"),
]


@pytest.mark.parametrize(("form", "path", "chain", "version"), FORMS)
def test_the_forms_of_the_user(form: VersionForm, path: str, chain: str, version: str) -> None:
    read = names.Notation((form,)).place(path)
    assert (read.chain, str(read.name.version)) == (chain, version)
    assert str(read.name) == path.rpartition("/")[2]
    assert read.name.version != names.COMMON.place(path).name.version


@pytest.mark.parametrize("folder", ["archive", "Archive", "_archive", "archived", "old", "Superseded", "Abandoned"])
def test_folders_of_the_archive(folder: str) -> None:
    read = names.COMMON.place(f"a/{folder}/b/plan-v0_1.md")
    assert (read.chain, read.archived) == ("a/b/plan", True)
    own = names.Notation(archives=("archive", "attic"))
    assert own.place(f"a/{folder}/x.md").archived is (folder.lower() == "archive")
    assert own.place("a/Attic/x.md").archived


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
        ("phase-57b-x", 57, "x"),
        ("Phase-57", 57, ""),
        ("phase_57_room_booking", 57, "room-booking"),
        ("phase57", 57, ""),
        ("57-x", 57, "x"),
        ("007", 7, ""),
        ("2026-05-12", None, "2026-05-12"),
        ("phases-57", None, "phases-57"),
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
        ("phases/archive/phase-57-x/a-v0_1.md", 57),
        ("docs/Phases/Phase_57/a-v0_1.md", 57),
        ("phases/engine/phase-57-x/a-v0_1.md", 57),
        ("phases/engine/57-x/a-v0_1.md", None),
        ("phases/a-v0_1.md", None),
        ("other/phase-57-x/a-v0_1.md", None),
    ],
)
def test_the_phase_is_that_of_the_folder(path: str, number: int | None) -> None:
    folder = names.phase_folder(path)
    assert (folder.number if folder else None) == number


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("phases/phase-06/phase-7-notes-v0_1.md", 6),
        ("phases/phase-57-cr-lamp-v0_1.md", 57),
        ("phases/archive/phase-57-cr-lamp-v0_1.md", 57),
        ("phases/lighting/phase-57-cr-lamp-v0_1.md", 57),
        ("phases/lighting/indoors/Phase_57_lamp.md", 57),
        ("phases/lighting/notes.md", None),
        ("standing-notes/phase-57-note-v0_1.md", None),
        ("phases", None),
    ],
)
def test_below_phases_a_name_may_say_the_phase(path: str, number: int | None) -> None:
    assert names.phase_number(path) == number


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
    assert COMMON.place(path).chain == chain


@given(st.lists(st.sampled_from(["a", "archive", "b"]), max_size=4), _filenames.filter(bool))
def test_moving_into_archive_keeps_the_chain(folders: list[str], filename: str) -> None:
    filename = filename.replace("/", "")
    here = "/".join([*folders, filename])
    there = "/".join([*folders, "archive", filename])
    assert COMMON.place(here).chain == COMMON.place(there).chain
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
