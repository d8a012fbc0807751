"""A build with a cache gives what a build without one gives, byte for byte, whatever was edited in between."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from build import edits
from build.workshop import Workshop, differences, held
from loomworks_record.build.workers import Workers
from loomworks_record.kept import keys
from loomworks_record.pages.plan import Plan

SEQUENCES = 300  # with --full; each of a few edits
SAMPLE = 6


def follow(workshop: Workshop, seed: int) -> None:
    """Edit and build again, a few times; after each, the site is what it would be from nothing."""
    chance = random.Random(seed)
    edits.begin(workshop, chance)
    workshop.build()
    for number in range(chance.randint(2, 4)):
        done = [edits.edit(workshop, chance) for _ in range(chance.randint(1, 2))]
        workshop.build()
        cold = workshop.build_anew(f"cold-{number}")
        assert differences(held(workshop.site), cold) == [], f"seed {seed}, after {done}"


@pytest.mark.parametrize("seed", range(SAMPLE))
def test_after_random_edits(tmp_path: Path, seed: int) -> None:
    follow(Workshop(tmp_path), seed)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(SAMPLE, SEQUENCES))
def test_after_many_random_edits(tmp_path: Path, seed: int) -> None:
    follow(Workshop(tmp_path), seed)


@pytest.mark.parametrize("kind", sorted(edits.EDITS))
def test_after_each_kind_of_edit(tmp_path: Path, kind: str) -> None:
    chance = random.Random(kind)
    workshop = Workshop(tmp_path)
    edits.begin(workshop, chance)
    before = workshop.build()
    edits.EDITS[kind](workshop, chance)
    after = workshop.build()
    assert differences(held(workshop.site), workshop.build_anew()) == []
    if kind in ("template", "theme"):
        assert (after.texts, after.comparisons) == (0, 0)
    elif kind not in ("configuration", "new document", "phase moved"):  # the example of each search field, too
        assert len(after.rendered) < before.pages


def test_where_nothing_changed_nothing_is_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what somebody touched is read again, and what is there is right."""
    workshop = Workshop(tmp_path)
    edits.begin(workshop, random.Random(4))
    workshop.build()
    whole = held(workshop.site)
    with monkeypatch.context() as closed:
        closed.delattr(Plan, "pages")
        assert workshop.build().rendered == []
        workshop.write("notes/plan.txt", "another text")  # its bytes are no part of any page
        workshop.build()
    assert differences(held(workshop.site), whole) == ["differs: raw/notes/plan.txt"]
    page = workshop.site / "index.html"
    was = page.stat()
    page.write_bytes(page.read_bytes().swapcase())
    os.utime(page, ns=(was.st_atime_ns, was.st_mtime_ns))  # of the same size, and of the same age by its own account
    workshop.build()
    assert differences(held(workshop.site), whole) == ["differs: raw/notes/plan.txt"]


def test_another_version_of_a_library_renders_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop = Workshop(tmp_path)
    edits.begin(workshop, random.Random(0))
    first = workshop.build()
    monkeypatch.setattr(keys, "LIBRARIES", (*keys.LIBRARIES, "click"))  # as if one said another version
    second = workshop.build()
    assert (second.texts, len(second.rendered)) == (first.texts, first.pages)
    assert differences(held(workshop.site), workshop.build_anew()) == []


def test_what_the_cache_lost_is_made_again(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    edits.begin(workshop, random.Random(1))
    workshop.build()
    whole = held(workshop.site)
    kinds = "text", "files", "comparison", "reading"
    for lost in kinds:
        workshop.forget(lost)
        workshop.build_into(workshop.folder / f"after-{lost}", workshop.cache, 10**9)
        assert differences(held(workshop.folder / f"after-{lost}"), whole) == [], lost
    workshop.forget_bulks()
    workshop.build_into(workshop.folder / "after-bulks", workshop.cache, 10**9)
    assert differences(held(workshop.folder / "after-bulks"), whole) == []


def test_what_somebody_put_into_the_cache_is_not_believed(tmp_path: Path) -> None:
    """Values of a right form for the cache, and none for what they stand for."""
    workshop = Workshop(tmp_path)
    edits.begin(workshop, random.Random(2))
    workshop.build()
    whole = held(workshop.site)
    for foreign in (b"", b"\x00", b"\xc0", b"<html>", b"x\x9c\x03\x00\x00\x00\x00\x01"):
        workshop.replace_all(foreign)
        workshop.build_into(workshop.folder / "after", workshop.cache, 10**9)
        assert differences(held(workshop.folder / "after"), whole) == [], foreign


def test_a_site_that_was_deleted_or_changed_is_mended(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    edits.begin(workshop, random.Random(3))
    workshop.build()
    whole = held(workshop.site)
    for path in random.Random(3).sample(sorted(whole), 20):
        (workshop.site / path).write_bytes(b"changed")
    (workshop.site / "stray.html").write_bytes(b"stray")
    counted = workshop.build()
    assert (differences(held(workshop.site), whole), counted.rendered) == ([], [])


def test_of_what_lists_every_document_only_what_was_filed_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a text looks like what is put in."""
    said = f'"sha256":"{0:064}","bytes":1'
    text = f"# On {said}\n\n**Version.** 0.1\n\n**{said}.** {said}\n\nOne sentence.\n"
    workshop = Workshop(tmp_path)
    workshop.write("notes/notes-v0_1.md", text)
    workshop.build()
    workshop.write("notes/notes-v0_1.md", text.replace("One", "Another"))
    with monkeypatch.context() as patched:
        patched.delattr("loomworks_record.pages.site_files.site_json")
        workshop.build()
    assert differences(held(workshop.site), workshop.build_anew()) == []


def test_a_process_that_edits_the_search_may_be_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def ended(workers: Workers, work: Callable[..., object], *given: object) -> Future[object]:
        begun.append(work.__name__)
        future: Future[object] = Future()
        future.set_exception(BrokenProcessPool())
        return future

    monkeypatch.setattr(Workers, "apart", ended)
    workshop = Workshop(tmp_path)
    for sentence in ("One sentence.", "Another sentence."):
        workshop.write("notes/notes-v0_1.md", f"# Notes\n\n**Version.** 0.1\n\n{sentence}\n")
        workshop.build()
    assert begun == ["edit_shard"]
    assert differences(held(workshop.site), workshop.build_anew()) == []
