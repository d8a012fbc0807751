"""Whatever is done to a bundle is found, with the right exit code and reason; what is harmless is not."""

from __future__ import annotations

import random
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import mutations
import pytest
import sealed
from loomworks_record.bundle import hosts, paths
from loomworks_record.bundle.log import ArchivedDocument, append_missing
from loomworks_record.bundle.verify import verify_directory
from support.site import Build

SAMPLE_SEEDS = 2
FULL_SEEDS = 20
SIZES = ("small", "large")
FEWEST_OPERATORS = 140
FEWEST = {False: 100, True: FEWEST_OPERATORS * FULL_SEEDS * len(SIZES)}

# What a bundle is made of (integrity/unsealed is there while it is built).
KINDS = {*paths.SEALED, paths.HEADERS, paths.REDIRECTS, "404.html", "index.html", "view", "raw", "assets", "documents"}
KINDS |= {"api", "feed.atom", "pagefind", "integrity/tlog/tile"}

ran: list[str] = []
touched: set[str] = set()  # kinds of files that an operator changed, took away or added


def kind(path: str) -> str:
    """A file of integrity/ is a kind of its own, and so is a folder of tiles; of others, what lies at the top is."""
    own = path.startswith("integrity/") and not path.startswith(paths.TLOG + "tile/")
    return path if own else "/".join(path.split("/")[: 3 if path.startswith(paths.TLOG) else 1])


def changed(site: Path, copy: Path) -> set[str]:
    """The files that a mutated copy, of hard links, does not share with its original."""
    places = {file.relative_to(each).as_posix() for each in (site, copy) for file in each.rglob("*") if file.is_file()}
    return {path for path in places if not ((copy / path).is_file() and (site / path).is_file()
            and (copy / path).samefile(site / path))}  # fmt: skip


@pytest.fixture(autouse=True)
def _tiny_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(hosts.PROFILES, mutations.TINY.name, mutations.TINY)


def check(name: str, seed: int, site: Path, work: Path, key: Path, other_key: Path) -> None:
    """Run one operator on a copy of ``site`` and compare what is found with what it says."""
    copy = work / "site"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(site, copy, copy_function=lambda one, other: Path(other).hardlink_to(one))
    case = mutations.Case(copy, random.Random(zlib.crc32(f"{name} {seed}".encode())), key, other_key)
    exit_code, reason = mutations.OPERATORS[name](case)
    touched.update(map(kind, changed(site, copy)))
    found = verify_directory(copy, case.expected, rebuild=case.rebuild)
    said = f"{name}, seed {seed}: expected {exit_code} {reason}, got {found.exit_code} {sorted(found.reasons)}"
    assert found.exit_code == exit_code, said
    assert reason in found.reasons, said
    ran.append(name)


@pytest.mark.parametrize("name", sorted(mutations.OPERATORS))
def test_a_mutation_is_found(name: str, small: sealed.Project, tmp_path: Path, key: Path, other_key: Path) -> None:
    for seed in range(SAMPLE_SEEDS):
        check(name, seed, small.site, tmp_path / "work", key, other_key)


@pytest.mark.full
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", sorted(mutations.OPERATORS))
def test_a_mutation_is_found_always(
    name: str, size: str, request: pytest.FixtureRequest, tmp_path: Path, key: Path, other_key: Path
) -> None:
    project: sealed.Project = request.getfixturevalue(size)
    for seed in range(FULL_SEEDS):
        check(name, seed, project.site, tmp_path / "work", key, other_key)


@pytest.mark.full
@pytest.mark.parametrize("name", sorted(mutations.OPERATORS))
def test_a_mutation_of_the_sample_record_is_found(
    name: str, sample: Path, tmp_path: Path, key: Path, other_key: Path
) -> None:
    for seed in range(SAMPLE_SEEDS):
        check(name, seed, sample, tmp_path / "work", key, other_key)


@pytest.fixture(scope="module")
def sample(sample_site: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own sample record as built, with all that operators need: a log, and a name that is not ASCII."""
    site = Path(shutil.copytree(sample_site.site, tmp_path_factory.mktemp("sample") / "site"))
    case = mutations.Case(site, random.Random(0), Path(), Path())
    sealed.write(site / "view/größe.html", b"<p>a page</p>")
    raw = {path.removeprefix(paths.RAW): digest for path, digest in case.digests.items() if "/archive/" in path}
    archived = [
        ArchivedDocument(path, None, None, digest, (site / "raw" / path).stat().st_size)
        for path, digest in raw.items()
        if (site / "raw" / path).is_file() and path.endswith((".md", ".html"))
    ]
    case.rewrite_log(bytes(append_missing(case.log, archived)))
    found = verify_directory(site, case.expected)
    assert not found.faults, found.faults[:5]
    return site


def test_the_originals_are_as_they_were(small: sealed.Project, large: sealed.Project) -> None:
    """After all mutations of hard-linked copies: a mutation that reached the original would hide others."""
    for project in (small, large):
        case = mutations.Case(project.site, random.Random(0), Path(), Path())
        found = verify_directory(project.site, case.expected)
        assert not found.faults
        assert found.checked == len(case.digests)


@pytest.fixture(scope="module", autouse=True)
def _count(request: pytest.FixtureRequest, tally: Callable[[str], None]) -> Iterator[None]:
    """Fail below the number of cases that a whole run of this file has; the summary prints how many ran."""
    yield
    tally(f"mutations: {len(ran)} cases of {len(set(ran))} operators ran, each found with its exit code and reason")
    collected = [item for item in request.session.items if item.path == request.path]
    if len(collected) > len(mutations.OPERATORS) and shutil.which("ssh-keygen"):  # the whole file, and all of it ran
        assert touched >= KINDS, f"no operator touches {sorted(KINDS - touched)}"
        assert len(set(ran)) >= FEWEST_OPERATORS
        assert len(ran) >= FEWEST[bool(request.config.getoption("--full"))]
