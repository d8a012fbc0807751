"""Bad input: refused with one clear line, and nothing changed on the disk. 300 generated cases, and each code."""

from __future__ import annotations

import os
import random
import re
import string
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filing_support import LAMP, document, lamp_record, make_project, page, record, tree, write
from hypothesis import example, given
from hypothesis import strategies as st
from loomworks_record.filing.intake import read_incoming
from loomworks_record.filing.rules import name_refusals
from loomworks_record.filing.values import REFUSALS, IncomingFile
from support.site import PROJECT

CASES = 300
CR = "phase-7-cr-lamp"


class Bench:
    """Where bad input is made: a folder for each case, and chance that is the same in every run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chance = random.Random(300)
        self.made = 0

    def file(self, name: str, text: str | bytes) -> Path:
        self.made += 1
        return write(self.folder / f"case-{self.made}" / name, text)

    def version(self, after: int = 3) -> str:
        return f"0.{self.chance.randint(after + 1, after + 30)}"

    def words(self, count: int) -> str:
        return " ".join("".join(self.chance.choices(string.ascii_lowercase, k=6)) for _ in range(count))


Arguments = list[str | Path]


def slug(version: str) -> str:
    return "v" + version.replace(".", "_")


def wrong_version(bench: Bench) -> Arguments:
    version = bench.version()
    said = bench.chance.choice([bench.version(40), "1.0", "0.3.1", "first", "draft 2", "v9", "0"])
    return [bench.file(f"{CR}-{slug(version)}.md", document(said))]


def missing_header(bench: Bench) -> Arguments:
    version = bench.version()
    text = bench.chance.choice(
        [
            f"# Phase 7 CR\n\n{bench.words(30)}\n",
            f"{bench.words(20)}\n",
            document(version).replace("**Version.**", "**Edition.**"),
            f"---\ntitle: Lamp\nversion: [0.4\n---\n\n# Lamp\n\n{bench.words(9)}\n",
            f"```\nVersion. {version}\n```\n",
        ]
    )
    return [bench.file(f"{CR}-{slug(version)}.md", text)]


def duplicate(bench: Bench) -> Arguments:
    version = bench.version()
    name = f"{CR}-{slug(version)}.md"
    first = bench.file(name, document(version))
    second = bench.chance.choice(
        [
            lambda: bench.file(name, document(version)),
            lambda: first,
            lambda: bench.file(name.upper().replace(".MD", ".md"), document(version, body="Others.")),
            lambda: bench.file(f"phase-7-cr-lamp-two-{slug(version)}.md", document(version)),
        ]
    )
    return [first, second()]


def filed_before(bench: Bench) -> Arguments:
    number = bench.chance.choice([1, 2, 3])
    name = f"{CR}-v0_{number}.md"
    same = document(f"0.{number}", date=f"2026-03-0{number}")
    other = document(f"0.{number}", body=bench.words(5))
    return [bench.file(name, bench.chance.choice([same, other]))]


def backwards(bench: Bench) -> Arguments:
    version = bench.chance.choice(["0.0", "0.2.1", "0.1.7", "0.2.9"])
    return [bench.file(f"{CR}-{slug(version)}.md", document(version, body=bench.words(5)))]


def twin_mismatch(bench: Bench) -> Arguments:
    version = bench.version()
    form = bench.chance.choice(
        [
            page(version, date="2025-12-24"),
            page(version, cr="CR-2026-001"),
            page(version, "Handbook about gardening"),
        ]
    )
    files = [bench.file(f"{CR}-{slug(version)}.md", document(version)), bench.file(f"{CR}-{slug(version)}.html", form)]
    bench.chance.shuffle(files)
    return [*files]


def outside_the_grammar(bench: Bench) -> Arguments:
    version = bench.version()
    name = bench.chance.choice(
        [
            f"{CR}.md",
            f"{CR}-{slug(version)}",
            f"{CR}-{slug(version)}.txt",
            f"{CR}-{slug(version)}.MD",
            f"{CR}-v{version}.md",
            f"{CR}-V0_4.md",
            f"{CR}-v0_04.md",
            f"{CR}-{slug(version)}-draft.md",
            f"{CR} {slug(version)}.md",
            f"{CR}-{slug(version)} (1).md",
            f"{CR}-é-{slug(version)}.md",
            f"-{CR}-{slug(version)}.md",
            f".{CR}-{slug(version)}.md",
            f"{CR}-\n-{slug(version)}.md",
            f"{slug(version)}.md",
            f"-{slug(version)}.md",
            f"{'long-' * 40}{slug(version)}.md",
            f"{bench.words(2)}.md",
        ]
    )
    return [bench.file(name, document(version))]


def no_regular_file(bench: Bench) -> Arguments:
    version = bench.version()
    target = bench.file(f"{CR}-{slug(version)}.md", document(version))
    other = target.parent / "other" / target.name
    other.parent.mkdir()
    kind = bench.chance.choice(["link", "dangling", "folder", "pipe"])
    if kind == "link":
        other.symlink_to(target)
    elif kind == "dangling":
        other.symlink_to("nowhere.md")
    elif kind == "folder":
        other.mkdir()
    else:
        os.mkfifo(other)
    return [other]


def unreadable(bench: Bench) -> Arguments:
    version = bench.version()
    name = f"{CR}-{slug(version)}.md"
    kind = bench.chance.choice(["missing", "below a file", "bytes", "nul", "empty", "blank"])
    if kind == "missing":
        return [bench.file("x", "x").parent / name]
    if kind == "below a file":
        return [bench.file("x", "x") / name]
    noise = bytes(bench.chance.choices(range(128, 192), k=50))
    data = {"bytes": document(version).encode() + noise, "nul": document(version).encode() + b"\0", "empty": b""}
    return [bench.file(name, data.get(kind, b" \n\n\t"))]


def too_large(bench: Bench) -> Arguments:
    version = bench.version()
    file = bench.file(f"{CR}-{slug(version)}.md", document(version))
    os.truncate(file, 200_000_000 + bench.chance.randint(0, 9))
    return [file]


def another_chain(bench: Bench) -> Arguments:
    version = bench.version()
    return [
        bench.chance.choice(
            [
                lambda: bench.file(f"{CR}-{slug(version)}.md", document(version, cr="CR-2026-008")),
                lambda: bench.file("phase-7-cr-wick-v0_1.md", document("0.1", cr="CR-2026-007")),
                lambda: bench.file(f"{CR}-{slug(version)}.md", document(version, phase="8 — Shade.")),
                lambda: bench.file("phase-7-cr-wick-v0_1.md", document("0.1", "Phase 8 CR — Shade", cr="CR-2026-008")),
            ]
        )()
    ]


def forked(bench: Bench) -> Arguments:
    version = bench.version()
    names = [f"loomworks-{CR}", "phase-07-cr-lamp", "phase-7-CR-lamp", "Phase-7-cr-Lamp", "oil-note"]
    name = bench.chance.choice(names)
    arguments: Arguments = [bench.file(f"{name}-{slug(version)}.md", document(version, cr=None))]
    if bench.chance.random() < 0.3:
        arguments = [bench.file(f"{CR}-{slug(version)}.md", document(version)), "--to", "notes"]
    return arguments


def unfit_folder(bench: Bench) -> Arguments:
    to = bench.chance.choice(
        [f"{LAMP}/archive", "archive", "phases/phase-8-lamp", "a b", ".hidden", "notes/é",
         f"{LAMP}/phase-7-cr-lamp-v0_3.md", f"{LAMP}/phase-7-cr-lamp-v0_3.md/x"]
    )  # fmt: skip
    return [bench.file("phase-7-cr-wick-v0_1.md", document("0.1", cr=None)), "--to", to]


def outside_the_record(bench: Bench) -> Arguments:
    to = bench.chance.choice(["..", "../..", "../elsewhere", "notes/../../..", "a//../../b"])
    return [bench.file("phase-7-cr-wick-v0_1.md", document("0.1", cr=None)), "--to", to]


def no_folder(bench: Bench) -> Arguments:
    return [bench.file(f"{bench.words(1)}-thoughts-v0_1.md", document("0.1", cr=None))]


def no_such_place(bench: Bench) -> Arguments:
    version = bench.version()
    text = document(version, body="It supersedes v0.3.")
    fix = bench.chance.choice(["title:1", "x", "transition:10", "footer:9", "all", "version-line:4"])
    return [bench.file(f"{CR}-{slug(version)}.md", text), "--fix", fix]


KINDS: tuple[Callable[[Bench], Arguments], ...] = (
    wrong_version, missing_header, duplicate, filed_before, backwards, twin_mismatch, outside_the_grammar,
    no_regular_file, unreadable, too_large, another_chain, forked, unfit_folder, outside_the_record, no_folder,
    no_such_place,
)  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("refusals") / "project", lamp_record())


def test_bad_input_is_refused_in_one_line_and_changes_nothing(project: Path, tmp_path: Path) -> None:
    bench, seen = Bench(tmp_path), Counter[str]()
    before = tree(project, journal=True)
    for number in range(CASES):
        make = KINDS[number % len(KINDS)]
        arguments = make(bench)
        ran = record(project, "file", "--yes", *arguments)
        told = f"{make.__name__} {arguments}: {ran}"
        assert ran.status in (1, 2), told
        assert ran.out == "", told
        # Two files that cannot both be right are one line each; every other case is one line.
        assert 1 <= ran.err.count("\n") <= (2 if make in (twin_mismatch, duplicate) else 1), told
        for line in ran.err.splitlines():
            assert line.startswith("record: "), told
            assert "Traceback" not in line, told
            assert line.isprintable(), told
            assert re.search(r"; \w|, got ", line), f"no next step: {told}"
        assert tree(project, journal=True) == before, told
        seen.update(re.findall(r" \[([a-z-]+)\]$", ran.err, re.MULTILINE) or [f"exit {ran.status}"])
    assert {
        "header-mismatch", "header-missing", "duplicate", "already-filed", "overwrite", "backwards", "twin-mismatch",
        "name-grammar", "not-regular", "unreadable", "too-large", "other-chain", "fork", "folder-unfit",
        "folder-unknown", "exit 2",
    } == set(seen)  # fmt: skip
    assert sum(seen.values()) >= CASES


def test_what_may_not_be_read_is_refused(tmp_path: Path) -> None:
    """As somebody who is not root: root may read everything."""
    file = write(tmp_path / f"{CR}-v0_4.md", document("0.4"))
    file.chmod(0)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.chdir(tmp_path)
            if os.geteuid() == 0:
                os.seteuid(65534)
            incoming, refused = read_incoming([Path(file.name)], tmp_path / "content")
            said = [str(refusal) for refusal in refused]
            why = "cannot be read: Permission denied; check the path and its permissions [unreadable]"
            status = 0 if (incoming, said) == ([], [f"{file.name}: {why}"]) else 1
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def told(project: Path, *arguments: str | Path) -> str:
    """What the one line of a refusal says, without the path of the file."""
    ran = record(project, "file", "--yes", *arguments)
    assert ran.status == 1
    return re.sub(r"^record: \S*/", "record: ", ran.err.rstrip("\n"))


def test_messages_say_what_is_expected_and_got_and_what_to_do(project: Path, tmp_path: Path) -> None:
    name = f"{CR}-v0_4.md"
    wrong = write(tmp_path / "a" / name, document("0.3"))
    assert told(project, wrong) == (
        f"record: {name}: line 4: the header says v0.3, expected v0.4 as in the name; mend the line, or let it be "
        "changed with --fix version-line:4 [header-mismatch]"
    )
    old = write(tmp_path / "b" / f"{CR}-v0_2_5.md", document("0.2.5"))
    assert told(project, old) == (
        f"record: {old.name}: v0.2.5 is older than v0.3, the newest held ('{LAMP}/{CR}-v0_3.md'); "
        "expected v0.4 or later [backwards]"
    )
    again = write(tmp_path / "c" / f"{CR}-v0_3.md", document("0.3", body="Changed."))
    assert told(project, again) == (
        f"record: {again.name}: v0.3 is filed already as '{LAMP}/{again.name}', with other bytes; "
        "file the change as v0.4 [overwrite]"
    )


def test_a_file_that_lies_in_the_record_is_refused(project: Path) -> None:
    held = project / "content" / LAMP / f"{CR}-v0_3.md"
    assert told(project, held).endswith("move it out of the content folder and file it from there [in-record]")


def test_what_the_log_says_of_the_archive_holds(project: Path, tmp_path: Path) -> None:
    """A withdrawn version is not filed again, and nothing takes a path that the log has other bytes for."""
    copied = make_project(tmp_path / "project", lamp_record())
    archive = copied / "content" / LAMP / "archive"
    held = copied / "content" / LAMP / f"{CR}-v0_3.md"
    for file in (held, held.with_suffix(".html")):
        file.rename(archive / file.name)
    assert record(copied, "log", "--yes").status == 0
    assert record(copied, "withdraw", f"{LAMP}/archive/{CR}-v0_3.html", "--reason", "a secret", "--yes").status == 0
    assert record(copied, "withdraw", f"{LAMP}/archive/{CR}-v0_3.md", "--reason", "a secret", "--yes").status == 0
    again = write(tmp_path / "a" / f"{CR}-v0_3.md", document("0.3"))
    assert "v0.3 was withdrawn before (log entry 13); expected v0.4 or later [backwards]" in told(copied, again)
    # v0.2 is put back from the archive by hand and changed: what would go to archive/ is not what was logged.
    (archive / f"{CR}-v0_2.md").unlink()
    write(copied / "content" / LAMP / f"{CR}-v0_2.md", document("0.2", body="Changed."))
    new = write(tmp_path / "b" / f"{CR}-v0_4.md", document("0.4"))
    assert told(copied, new).endswith("restore the bytes that were filed [log-differs]")


def test_every_code_is_in_the_documentation() -> None:
    text = (PROJECT / "docs/filing.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+?) \|", text, re.MULTILINE))
    assert {code: rows.get(code) for code in REFUSALS} == {
        code: reason.replace("|", "\\|") for code, reason in REFUSALS.items()
    }


# The grammar, written down a second time.
NUMBER = r"(0|[1-9][0-9]{0,5})"
GRAMMAR = re.compile(
    r"(?=[ -~]{1,200}\Z)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?" + rf"-v{NUMBER}_{NUMBER}(_{NUMBER})?\.(md|html)"
)
_pieces = st.sampled_from(
    ["loomworks-", "phase-7-", "cr-lamp", "-v0_1", "-v0_2_3", ".md", ".html", "-v01_2", "_", "-", " ", "é", ".", "v1",
     "\n", "A", " (1)", "archive"]
)  # fmt: skip


@given(st.one_of(st.lists(_pieces, max_size=7).map("".join), st.text(max_size=40)))
@example("archive-v0_1.md")
@example("archive-v0_1-v0_1.md")
def test_names_are_refused_exactly_outside_the_grammar(name: str) -> None:
    refused = [refusal.code for refusal in name_refusals(IncomingFile("x", name, b""))]
    # A chain of that name would have the address of a folder.
    is_archive = re.fullmatch(r"archive-v[0-9_]+\.(md|html)", name, re.IGNORECASE)
    fits = GRAMMAR.fullmatch(name) is not None and not is_archive
    assert refused == ([] if fits else ["name-grammar"])


def test_the_cases_are_many_and_even() -> None:
    def counted() -> Iterator[str]:
        for number in range(CASES):
            yield KINDS[number % len(KINDS)].__name__

    assert min(Counter(counted()).values()) >= 18
