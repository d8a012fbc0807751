"""What changes no byte of the record is no fault: times, modes, places, clones, time zones, locales, seeds."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sealed
from loomworks_record.bundle import paths
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.inputs import LOG_NAME, freshness_faults, gather, project_places, read_built
from loomworks_record.bundle.log import Log
from loomworks_record.bundle.log_file import read_log_bytes
from loomworks_record.bundle.seal import write_stamp
from loomworks_record.bundle.verify import verify_directory
from msgspec.structs import replace

SAMPLE_SEEDS, FULL_SEEDS = 2, 14
FEWEST_FULL = 200
NOW = sealed.ISSUED + 60
PLUGINS = Path(__file__).resolve().parents[2] / "plugins"

Variation = Callable[[Path, random.Random], "Path | dict[str, str]"]
VARIATIONS: dict[str, Variation] = {}
ran: list[str] = []


def variation(function: Variation) -> Variation:
    VARIATIONS[function.__name__] = function
    return function


def files_and_folders(site: Path) -> list[Path]:
    return sorted(site.rglob("*"))


@variation
def other_times(site: Path, chance: random.Random) -> Path:
    for place in files_and_folders(site):
        os.utime(place, (chance.randrange(2**31), chance.randrange(2**31)))
    return site


@variation
def other_modes(site: Path, chance: random.Random) -> Path:
    for place in files_and_folders(site):
        place.chmod(chance.choice((0o700, 0o755, 0o777) if place.is_dir() else (0o400, 0o444, 0o600, 0o644, 0o755)))
    return site


@variation
def other_name(site: Path, chance: random.Random) -> Path:
    return site.rename(site.with_name(chance.choice(("with space", "größe", "a" * 200, "-n", "x.html", "%20"))))


@variation
def deeper_place(site: Path, chance: random.Random) -> Path:
    target = site.parent.joinpath(*("d" * chance.randrange(1, 30) for _ in range(chance.randrange(1, 12))), "site")
    target.parent.mkdir(parents=True)
    return site.rename(target)


@variation
def reached_through_a_symlink(site: Path, chance: random.Random) -> Path:
    link = site.with_name(f"current-{chance.randrange(99)}")
    link.symlink_to(site)
    return link


@variation
def plain_copy(site: Path, chance: random.Random) -> Path:
    return Path(shutil.copytree(site, site.with_name(f"copied-{chance.randrange(99)}")))


@variation
def packed_and_unpacked(site: Path, chance: random.Random) -> Path:
    kind = chance.choice(("zip", "tar", "gztar"))
    packed = shutil.make_archive(str(site.with_name("packed")), kind, site)
    shutil.unpack_archive(packed, site.with_name("unpacked"), kind)
    return site.with_name("unpacked")


@variation
def fresh_clone(site: Path, chance: random.Random) -> Path:
    def git(*arguments: str, folder: Path = site) -> None:
        given = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"]
        subprocess.run(["git", "-C", folder, *given, *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A", "-f")
    git("commit", "-q", "-m", "site")
    clone = site.with_name(f"clone-{chance.randrange(99)}")
    git("clone", "-q", str(site), str(clone), folder=site.parent)
    shutil.rmtree(clone / ".git")
    return clone


@variation
def clone_of_a_published_branch(site: Path, chance: random.Random) -> Path:
    (site / ".nojekyll").touch()
    (site / "CNAME").write_text("record.example.org\n")
    (site / ".gitattributes").write_text("* -text\n")
    for path in chance.sample((".gitlab-ci.yml", ".hg/store", ".svn/entries", ".woodpecker.yml", ".mailmap"), 2):
        (site / path).parent.mkdir(exist_ok=True)
        (site / path).write_text("theirs\n")
    branch = fresh_clone(site, chance)
    worktree = chance.random() < 0.5  # where .git is a file, not a folder
    (branch / ".git").write_text("gitdir: elsewhere\n") if worktree else shutil.copytree(site / ".git", branch / ".git")
    return branch


@variation
def empty_folders(site: Path, chance: random.Random) -> Path:
    for _ in range(chance.randrange(1, 5)):
        (site / f"empty-{chance.randrange(999)}" / "below").mkdir(parents=True)
    return site


@variation
def files_made_in_another_order(site: Path, chance: random.Random) -> Path:
    target = site.with_name("reordered")
    found = [place for place in files_and_folders(site) if place.is_file()]
    chance.shuffle(found)
    for file in found:
        sealed.write(target / file.relative_to(site), file.read_bytes())
    return target


@variation
def time_zone(site: Path, chance: random.Random) -> dict[str, str]:
    return {"TZ": chance.choice(("Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu", "nowhere", ""))}


@variation
def locale(site: Path, chance: random.Random) -> dict[str, str]:
    chosen = chance.choice(("C", "POSIX", "C.UTF-8", "tr_TR.UTF-8", "de_DE.ISO-8859-1"))
    return {"LC_ALL": chosen, "LANG": chosen, "PYTHONUTF8": chance.choice(("0", "1"))}


@variation
def hash_seed(site: Path, chance: random.Random) -> dict[str, str]:
    return {"PYTHONHASHSEED": str(chance.randrange(2**32))}


@variation
def umask_and_optimisation(site: Path, chance: random.Random) -> dict[str, str]:
    return {"PYTHONOPTIMIZE": chance.choice(("", "1", "2")), "RECORD_TEST_UMASK": chance.choice(("000", "077", "027"))}


@variation
def the_times_of_a_build(site: Path, chance: random.Random) -> dict[str, str]:
    return {"SOURCE_DATE_EPOCH": str(chance.randrange(2**32))}


def check(name: str, seed: int, site: Path, work: Path) -> None:
    copy = Path(shutil.copytree(site, work / "site"))
    varied = VARIATIONS[name](copy, random.Random(f"{name} {seed}"))
    if isinstance(varied, Path):
        found = verify_directory(varied, Expectations(NOW))
        assert not found.faults, f"{name}, seed {seed}: {found.faults[:3]}"
        assert found.checked > 60
    else:
        status, said = verify_in_a_process(copy, varied)
        assert status == 0, f"{name}, seed {seed}, {varied}: {said}"
    ran.append(name)


def verify_in_a_process(site: Path, environment: dict[str, str]) -> tuple[int, str]:
    """The verification in an interpreter of its own, at the time of these sites."""
    program = (
        "import os, sys; os.umask(int(os.environ.get('RECORD_TEST_UMASK', '022'), 8));"
        "from pathlib import Path; from loomworks_record.bundle import checks, verify;"
        f"found = verify.verify_directory(Path(sys.argv[1]), checks.Expectations({NOW}));"
        "print([str(fault).encode() for fault in found.faults]); sys.exit(found.exit_code)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program, site],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PLUGINS), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return finished.returncode, finished.stdout + finished.stderr


@pytest.mark.parametrize("name", sorted(VARIATIONS))
def test_a_harmless_variation_is_no_fault(name: str, small: sealed.Project, tmp_path: Path, git: str) -> None:
    for seed in range(SAMPLE_SEEDS):
        check(name, seed, small.site, tmp_path / str(seed))


@pytest.mark.full
@pytest.mark.parametrize("name", sorted(VARIATIONS))
def test_a_harmless_variation_is_never_a_fault(name: str, small: sealed.Project, tmp_path: Path, git: str) -> None:
    for seed in range(SAMPLE_SEEDS, SAMPLE_SEEDS + FULL_SEEDS):
        check(name, seed, small.site, tmp_path / str(seed))


@pytest.mark.parametrize("host", ["none", "cloudflare-free", "cloudflare-paid"])
def test_what_a_reader_may_bring(host: str, small: sealed.Project, tmp_path: Path, key: Path) -> None:
    """Clocks a few minutes apart, the same stamp again, an earlier stamp with a shorter log, a signature."""
    site = Path(shutil.copytree(small.site, tmp_path / "site"))
    stamp = (site / paths.STAMP).read_bytes()
    before = sealed.make_project(tmp_path / "before")
    before.write_log(Log(before.log.entries[:4]))
    earlier = bytes(sealed.build(before, tmp_path / "earlier", issued=sealed.ISSUED - 99).stamp)
    before.write_log(Log())
    first = bytes(sealed.build(before, tmp_path / "first", issued=sealed.ISSUED - 999).stamp)
    for now in (sealed.ISSUED - 299, sealed.ISSUED, sealed.ISSUED + 14 * sealed.DAY - 1):
        for last in (None, stamp, earlier, first):
            assert not verify_directory(site, Expectations(now, last, host=host)).faults
    write_stamp(site, sealed.build(small, tmp_path / "again").stamp, key)
    found = verify_directory(site, Expectations(NOW, host=host))
    assert not found.faults
    assert "signed" in " ".join(found.notes)
    for trusted in (key.with_suffix(".pub"), _allowed_signers(tmp_path, key)):
        assert not verify_directory(site, Expectations(NOW, key=trusted, host=host)).faults


def test_a_changed_time_is_no_difference_of_the_sources(small: sealed.Project, tmp_path: Path) -> None:
    root = Path(shutil.copytree(small.root, tmp_path / "project"))
    for place in files_and_folders(root):
        os.utime(place, (1, 1))
    inputs = gather(project_places(root, root / "content"), {})
    built = read_built(str(small.site))
    assert not list(freshness_faults(built, inputs, read_log_bytes(root / LOG_NAME)))
    assert list(freshness_faults(replace(built, log="0" * 64), inputs, b""))


def test_a_missing_log_entry_is_a_note(tmp_path: Path) -> None:
    project = sealed.make_project(tmp_path)
    project.write_log(Log(project.log.entries[:-2]))
    sealed.build(project, project.site)
    found = verify_directory(project.site, Expectations(NOW))
    assert not found.faults
    assert any("2 archived documents have no log entry" in note for note in found.notes)


def _allowed_signers(folder: Path, key: Path) -> Path:
    file = folder / "allowed_signers"
    file.write_text("# who may sign\noperator@example.org " + key.with_suffix(".pub").read_text())
    return file


@pytest.fixture(scope="module", autouse=True)
def _count(request: pytest.FixtureRequest, tally: Callable[[str], None]) -> Iterator[None]:
    yield
    tally(f"harmless: {len(ran)} variations of {len(set(ran))} sorts ran, no false alarm")
    collected = [item for item in request.session.items if item.path == request.path]
    if len(collected) > len(VARIATIONS) and request.config.getoption("--full"):
        assert len(ran) >= FEWEST_FULL


@pytest.mark.parametrize("refused", [paths.MANIFEST, paths.STAMP])
def test_a_disk_that_refuses_is_called_that(
    small: sealed.Project, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(path: object, *rest: int, real: Callable[..., int] = os.open) -> int:
        if str(path).endswith(refused):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, *rest)

    monkeypatch.setattr(os, "open", opened)
    found = verify_directory(small.site, Expectations(NOW))
    assert [fault.reason for fault in found.faults] == ["file-unreadable"]
    assert found.exit_code == 6
