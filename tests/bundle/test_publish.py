"""Whatever happens to a publisher, what is served is one whole release."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sealed
from loomworks_record.bundle import paths
from loomworks_record.bundle import publish as publishing
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.log import Log, append_withdrawal
from loomworks_record.bundle.publish import (
    Publication,
    PublishedFolders,
    PublishError,
    RefusedError,
    publish_site,
    renewed_stamp,
    restamp,
)
from loomworks_record.bundle.seal import write_stamp
from loomworks_record.bundle.statements import parse_stamp
from loomworks_record.bundle.verify import verify_directory
from loomworks_record.errors import UsageError
from msgspec.structs import replace

HERE = Path(__file__).resolve().parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HERE.parents[1] / "plugins"), str(HERE)))}
SAMPLE_KILLS, FULL_KILLS = 8, 100


def publish(project: sealed.Project, target: Path, number: int, keep: int = 5) -> Publication:
    issued = sealed.ISSUED + number
    return publish_site(
        target, lambda site: sealed.build(project, site, issued=issued) and None, keep=keep, now=lambda: issued + 1
    )


def edit(project: sealed.Project, text: str) -> None:
    sealed.write(project.content / "README.md", text.encode())


def served(target: Path, now: int = sealed.ISSUED + 60) -> str:
    """The served release, which must be whole."""
    found = verify_directory(target / "current", Expectations(now))
    assert not found.faults, found.faults[:3]
    assert found.checked > 50
    return str((target / "current").readlink())


@pytest.fixture
def project(tmp_path: Path) -> sealed.Project:
    return sealed.make_project(tmp_path / "project", phases=3)


def test_releases_are_named_by_their_manifest_and_the_last_are_kept(project: sealed.Project, tmp_path: Path) -> None:
    target = tmp_path / "www"
    names = []
    for number in range(5):
        edit(project, f"# Edition {number}\n")
        done = publish(project, target, number, keep=3)
        assert served(target) == f"releases/{done.release}"
        assert parse_stamp((target / "current" / paths.STAMP).read_bytes()).manifest == done.release
        names.append(done.release)
    assert sorted(folder.name for folder in (target / "releases").iterdir()) == sorted(names[2:])
    assert sorted(place.name for place in target.iterdir()) == [".lock", "current", "releases"]
    assert done.removed == (names[1],)


def test_files_have_the_time_at_which_they_were_written(project: sealed.Project, tmp_path: Path) -> None:
    """Servers make their ETag of size and time: at the time of the sources "v0.3" would stay where "v0.4" is filed."""
    begun = time.time() - 2  # a disk may count in whole seconds
    done = publish(project, tmp_path / "www", 0)
    written = [file.stat().st_mtime for file in done.folder.rglob("*") if file.is_file()]
    assert min(written) >= begun


def test_the_same_site_again_is_another_release(project: sealed.Project, tmp_path: Path) -> None:
    target = tmp_path / "www"
    first = publish(project, target, 0)
    before = sealed.tree(first.folder)
    second = publish(project, target, 7)
    assert second.release == f"{first.release}.{sealed.ISSUED + 7}"
    assert sealed.tree(first.folder) == before
    served(target)


def test_a_new_stamp_is_swapped_in_with_the_same_files(project: sealed.Project, tmp_path: Path, key: Path) -> None:
    target = tmp_path / "www"
    first = publish(project, target, 0)
    before = sealed.tree(first.folder)
    later = sealed.ISSUED + 20 * sealed.DAY
    again = restamp(target, lambda site: renew(site, key, later), now=lambda: later, keep=3)
    assert sealed.tree(first.folder) == before
    found = verify_directory(target / "current", Expectations(later + 29 * sealed.DAY, key=key.with_suffix(".pub")))
    assert not found.faults
    assert (again.folder / "index.html").stat().st_ino == (first.folder / "index.html").stat().st_ino
    with pytest.raises(UsageError, match="nothing is published"):
        restamp(tmp_path / "nowhere", lambda site: renew(site, key, later), now=lambda: later, keep=3)


def renew(site: Path, key: Path, now: int) -> None:
    write_stamp(site, renewed_stamp(site, now=now, days=30), key)


def test_a_release_that_does_not_verify_is_refused(project: sealed.Project, tmp_path: Path) -> None:
    target = tmp_path / "www"
    before = publish(project, target, 0).release

    def build(site: Path) -> None:
        sealed.build(project, site, issued=sealed.ISSUED + 1)
        sealed.write(site / "index.html", b"edited after sealing")

    with pytest.raises(RefusedError, match="file-differs: index") as refused:
        publish_site(target, build, keep=3, now=lambda: sealed.ISSUED + 2)
    assert refused.value.report.exit_code == 1
    assert served(target) == f"releases/{before}"
    assert [folder.name for folder in (target / "releases").iterdir()] == [before]


@pytest.mark.parametrize("what", ["rollback", "log-not-extended", "clock-set-back"])
def test_nothing_goes_back(what: str, project: sealed.Project, tmp_path: Path) -> None:
    target = tmp_path / "www"
    before = publish(project, target, 10).release
    edit(project, "# Another edition\n")
    if what == "log-not-extended":
        project.write_log(Log(tuple(replace(entry, date="1999-01-01") for entry in project.log.entries)))
    numbers = {"rollback": 5, "log-not-extended": 11, "clock-set-back": 11}
    with pytest.raises(RefusedError, match=what):
        publish_site(
            target,
            lambda site: sealed.build(project, site, issued=sealed.ISSUED + numbers[what]) and None,
            keep=3,
            now=lambda: sealed.ISSUED + (20 if what != "clock-set-back" else -9999),
        )
    assert served(target) == f"releases/{before}"


def test_releases_that_hold_a_withdrawn_document_are_removed(project: sealed.Project, tmp_path: Path) -> None:
    target = tmp_path / "www"
    first = publish(project, target, 0).release
    path = "phases/phase-02-x/archive/cr-v0_1.md"
    project.write_log(append_withdrawal(project.log, path, "a secret was filed"))
    (project.content / path).unlink()
    done = publish(project, target, 1)
    assert done.removed == (first,)
    assert not list(target.rglob("cr-v0_1.md"))[4:]
    assert not (target / "current/raw" / path).exists()


def test_a_build_that_fails_leaves_all_as_it_was(project: sealed.Project, tmp_path: Path) -> None:
    target = tmp_path / "www"
    before = publish(project, target, 0).release

    def build(site: Path) -> None:
        sealed.build(project, site, issued=sealed.ISSUED + 1)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(PublishError, match="No space left on device; nothing was published"):
        publish_site(target, build, keep=3, now=lambda: sealed.ISSUED + 2)
    assert served(target) == f"releases/{before}"
    assert len(list((target / "releases").iterdir())) == 1


def test_a_served_folder_that_is_no_symlink_is_left_alone(project: sealed.Project, tmp_path: Path) -> None:
    (tmp_path / "www/current").mkdir(parents=True)
    (tmp_path / "www/current/index.html").write_text("mine")
    with pytest.raises(UsageError, match="move this folder away"):
        publish(project, tmp_path / "www", 0)
    assert (tmp_path / "www/current/index.html").read_text() == "mine"


def test_what_others_keep_beside_releases_stays(project: sealed.Project, tmp_path: Path) -> None:
    target = tmp_path / "www"
    names = ("mine", ".mine", ".building-mine", "a" * 64)
    for name in names:
        (target / "releases" / name).mkdir(parents=True)
        (target / "releases" / name / "kept").write_text("mine", "utf-8")
    (target / ".current.txt").write_text("mine", "utf-8")
    for number in range(3):
        edit(project, f"text {number}")
        publish(project, target, number, keep=1)
    assert all((target / "releases" / name / "kept").is_file() for name in names)
    assert (target / ".current.txt").is_file()
    assert len(list((target / "releases").iterdir())) == 1 + len(names)


def test_releases_that_lie_elsewhere_are_left_alone(project: sealed.Project, tmp_path: Path) -> None:
    for name in ("www", "theirs"):
        (tmp_path / name).mkdir()
    (tmp_path / "www/releases").symlink_to(tmp_path / "theirs")
    with pytest.raises(UsageError, match="got a link"):
        publish(project, tmp_path / "www", 0)
    assert not list((tmp_path / "theirs").iterdir())


def test_two_publishers_at_once(project: sealed.Project, tmp_path: Path) -> None:
    target = tmp_path / "www"
    command = [sys.executable, str(HERE / "publisher.py"), str(project.root), str(target)]
    first = subprocess.Popen(
        [*command, str(sealed.ISSUED), "1.5"],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert first.stdout is not None
    assert first.stdout.readline() == "building\n"
    with pytest.raises(PublishError, match="another publisher is at work"):
        publish(project, target, 1)
    said, complaints = first.communicate(timeout=30)
    assert (first.returncode, said) == (0, "published\n"), complaints
    served(target)
    publish(project, target, 2)  # the lock is free again


def kills(project: sealed.Project, target: Path, times: int, seed: int) -> tuple[int, int]:
    """Publish and kill at random moments; how often it was killed, and how often the release changed."""
    chance = random.Random(seed)
    publish(project, target, 0)
    start = time.monotonic()
    run(project, target, 1, None)
    whole = time.monotonic() - start
    killed = changed = 0
    for number in range(2, times + 2):
        before = served(target, sealed.ISSUED + number)
        edit(project, f"# Edition {number} of {seed}\n")
        # The first part of a run is the interpreter's start; a run may also end before it is killed.
        start = time.monotonic()
        if run(project, target, number, chance.uniform(0.3, 1.0) * whole) == -signal.SIGKILL:
            killed += 1
        else:
            whole = time.monotonic() - start  # the machine may have less to do than before
        changed += served(target, sealed.ISSUED + number) != before
    publish(project, target, times + 2)
    assert served(target)
    left = [folder.name for folder in (target / "releases").iterdir() if folder.name.startswith(".")]
    assert not left  # the next publisher has cleaned up
    return killed, changed


def run(project: sealed.Project, target: Path, number: int, moment: float | None) -> int:
    command = [sys.executable, str(HERE / "publisher.py"), str(project.root), str(target), str(sealed.ISSUED + number)]
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    try:
        return process.wait(timeout=30 if moment is None else moment)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def test_killed_at_random_moments(project: sealed.Project, tmp_path: Path, tally: Callable[[str], None]) -> None:
    killed, changed = kills(project, tmp_path / "www", SAMPLE_KILLS, seed=1)
    tally(f"publish: killed {killed} times of {SAMPLE_KILLS}, {changed} releases changed, always one whole release")
    assert killed > 0


@pytest.mark.full
def test_killed_at_a_hundred_random_moments(
    project: sealed.Project, tmp_path: Path, tally: Callable[[str], None]
) -> None:
    killed = changed = runs = 0
    for seed in range(2, 12):
        more, swaps = kills(project, tmp_path / f"www-{seed}", FULL_KILLS // 5, seed)
        killed, changed, runs = killed + more, changed + swaps, runs + FULL_KILLS // 5
    tally(f"publish: killed {killed} times of {runs}, {changed} releases changed, always one whole release")
    assert killed >= FULL_KILLS
    assert 0 < changed < runs


class Killed(BaseException):
    """Ends the publisher where it stands: no ``except`` of it and no clean-up after it may be relied on."""


def test_stopped_before_each_change_of_a_name(
    project: sealed.Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every rename, link, removal and flush of the publisher in turn is the first thing that it does not do."""
    for step in range(100):
        target = tmp_path / f"www-{step}"
        for number in range(2):
            edit(project, f"# Edition {number}\n")
            publish(project, target, number)
        edit(project, "# A third edition\n")
        finished = publish_until(step, project, target, monkeypatch)
        served(target)
        publish(project, target, 4, keep=1)
        served(target)
        assert len(list((target / "releases").iterdir())) == 1
        if finished:
            break
    assert 12 <= step < 50


def publish_until(step: int, project: sealed.Project, target: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Publish, stopped before the operation with this number; whether it came to its end before that."""
    left = iter(range(step))
    made = target.with_name(f"{target.name}-made")
    sealed.build(project, made, issued=sealed.ISSUED + 2)

    def counted(function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            if next(left, None) is None:
                raise Killed
            return function(*arguments, **options)

        return call

    with monkeypatch.context() as patched:
        for name in ("rename", "replace", "symlink_to", "unlink", "chmod"):
            patched.setattr(Path, name, counted(getattr(Path, name)))
        for name in ("sync_folder", "sync_tree"):
            patched.setattr(publishing, name, counted(getattr(publishing, name)))
        patched.setattr(publishing.shutil, "rmtree", counted(publishing.shutil.rmtree))
        try:
            publish_site(
                target,
                lambda site: shutil.copytree(made, site, dirs_exist_ok=True) and None,
                keep=1,
                now=lambda: sealed.ISSUED + 3,
            )
        except Killed:
            return False
    return True


def test_a_full_disk_leaves_the_old_release_whole(project: sealed.Project, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=1200) as disk:
        before = publish(project, disk / "www", 0).release
        for number in range(1, 12):
            edit(project, f"# Edition {number}\n" + "x" * 30_000 * number)
            try:
                publish(project, disk / "www", number, keep=50)
            except PublishError as full:
                assert "nothing was published" in str(full)
                assert full.exit_code == 6
                break
            before = served(disk / "www").removeprefix("releases/")
        else:
            pytest.fail("the disk did not become full")
        assert served(disk / "www") == f"releases/{before}"
        assert not list((disk / "www/releases").glob(".*"))


@contextmanager
def small_disk(folder: Path, *, kilobytes: int) -> Iterator[Path]:
    """A file system of a fixed size, or a skip where none can be mounted."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_the_place_of_a_site_that_was_never_published(tmp_path: Path) -> None:
    assert PublishedFolders(tmp_path).served is None
