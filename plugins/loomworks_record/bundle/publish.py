"""Publishing: a release is built beside the others, checked, and becomes the served one in a single step.

    DIR/current            the served folder: a symlink to one release, swapped by rename(2)
    DIR/releases/<digest>  releases, named by the sha256 of their manifest; never changed once they have the name
    DIR/releases/.…        what a publisher works on, or left behind when it was killed
    DIR/.lock              held (flock) by the publisher at work; the kernel frees it when the process ends

Whatever moment the process is killed at, ``current`` names one whole release.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from loomworks_record.bundle import paths
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.faults import BundleError, Report
from loomworks_record.bundle.files import open_to_readers, place, read_bounded, sync_folder, sync_tree
from loomworks_record.bundle.log import MAX_LOG, read_log
from loomworks_record.bundle.manifest import accepted_addresses
from loomworks_record.bundle.statements import DAY, MAX_STAMP, Stamp, hex_digest, parse_stamp
from loomworks_record.bundle.verify import verify_directory
from loomworks_record.errors import RecordError, UsageError
from loomworks_record.source.names import without_archive

_RELEASE = re.compile(r"[0-9a-f]{64}(?:\.\d+)?")  # its name; what has another is somebody else's
_LEFT = re.compile(rf"\.building-\w{{8}}|\.removing-{_RELEASE.pattern}")  # what a publisher was killed at
_UNTOUCHED = "nothing was published, the release served before is untouched"

Build = Callable[[Path], None]
Clock = Callable[[], int]


class PublishError(BundleError):
    """Publishing could not be carried out; the message says what is served now (exit 6)."""

    exit_code = 6


class RefusedError(PublishError):
    """The new release does not pass its check; ``report`` says why and with which exit code."""

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report


class Publication(Struct, frozen=True):
    """The release that is served now, and the names of those that were removed."""

    release: str
    folder: Path
    removed: tuple[str, ...]


class PublishedFolders:
    def __init__(self, root: Path) -> None:
        self.root, self.releases, self.current = root, root / "releases", root / "current"

    @property
    def served(self) -> Path | None:
        """The release that ``current`` names; None before the first."""
        if self.current.is_symlink():
            return self.releases / Path(os.readlink(self.current)).name  # noqa: PTH115 - Path has no text form of it
        if self.current.exists():
            raise UsageError(f"{self.current}: expected a symlink that publishing makes; move this folder away first")
        return None


def publish_site(target: Path, build: Build, *, keep: int, now: Clock) -> Publication:
    """Build a sealed site, check it, and serve it from ``target/current``.

    ``build`` writes a sealed site into the folder that it is given. ``keep``: how many releases stay, the served
    one among them. ``now`` tells the seconds since 1970 UTC. The stamp served before counts as the last accepted
    one, so a release that goes back or rewrites the log is refused. Raises PublishError, RefusedError or what
    ``build`` raises.
    """
    place = PublishedFolders(target)
    with _locked(place):
        served = place.served
        with _staging(place) as staging:
            try:
                build(staging)
            except RecordError as wrong:
                if wrong.exit_code != PublishError.exit_code:
                    raise
                raise PublishError(f"{wrong}; {_UNTOUCHED}") from wrong
            name = _checked(staging, served, now())
            release = _named(place, staging, name)
            _swap(place, release)
        try:
            return Publication(release.name, release, tuple(_pruned(place, max(keep, 1))))
        except OSError as wrong:
            message = f"{release.name} is published, but an old release could not be removed: {wrong}"
            raise PublishError(message) from wrong


def restamp(target: Path, renew: Callable[[Path], object], *, now: Clock, keep: int) -> Publication:
    """Serve the same release with the stamp that ``renew`` writes into a copy: a release never changes in place."""
    served = PublishedFolders(target).served
    if served is None:
        raise UsageError(f"{target}: nothing is published here yet")

    def copy_and_stamp(staging: Path) -> None:
        shutil.copytree(served, staging, dirs_exist_ok=True, copy_function=os.link)
        renew(staging)

    return publish_site(target, copy_and_stamp, keep=keep, now=now)


def renewed_stamp(site: Path, *, now: int, days: int) -> Stamp:
    """The stamp of a sealed site, issued now (or one second after the last, if that is later)."""
    data = read_bounded(site / paths.STAMP, MAX_STAMP)
    if data is None:
        raise UsageError(f"{site}: has no {paths.STAMP}; build the site first")
    try:
        stamp = parse_stamp(data)
    except ValueError as wrong:
        raise PublishError(f"{site / paths.STAMP}: {wrong}; build the site again") from wrong
    issued = max(now, stamp.sequence + 1)
    return replace(stamp, sequence=issued, expires=issued + days * DAY)


@contextmanager
def _locked(place: PublishedFolders) -> Iterator[None]:
    if place.releases.is_symlink():
        raise UsageError(f"{place.releases}: expected a folder that publishing makes, got a link; move it away first")
    try:
        _make_folders(place.releases)
        descriptor = os.open(place.root / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as wrong:
        raise PublishError(f"{place.root}: {wrong.strerror}; nothing was published") from wrong
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as wrong:
            message = f"{place.root}: another publisher is at work; nothing was done, try again when it has ended"
            raise PublishError(message) from wrong
        yield
    finally:
        os.close(descriptor)


def _make_folders(folder: Path) -> None:
    """Make a folder and those above it that are not there: 755 whatever the umask, for they are there to be served."""
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)


@contextmanager
def _staging(place: PublishedFolders) -> Iterator[Path]:
    """A new folder beside the releases; gone at the end unless it got a release's name."""
    try:
        for left_behind in place.releases.iterdir():
            if _LEFT.fullmatch(left_behind.name) and left_behind.is_dir() and not left_behind.is_symlink():
                shutil.rmtree(left_behind)
        for left_behind in place.root.glob(".current.*"):
            if left_behind.is_symlink():
                left_behind.unlink()
        staging = Path(tempfile.mkdtemp(prefix=".building-", dir=place.releases))
        staging.chmod(0o755)
    except OSError as wrong:
        raise PublishError(f"{place.releases}: {wrong.strerror}; nothing was published") from wrong
    try:
        yield staging
    except OSError as wrong:
        raise PublishError(f"{wrong.filename or place.root}: {wrong.strerror or wrong}; {_UNTOUCHED}") from wrong
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _checked(staging: Path, served: Path | None, now: int) -> str:
    """The name of the release, once it is on the disk and passes every check."""
    open_to_readers(staging)
    sync_tree(staging)
    last = read_bounded(served / paths.STAMP, MAX_STAMP) if served is not None else None
    before = accepted_addresses(served / paths.FOLDER) if served is not None else None
    found = verify_directory(staging, Expectations(now=now, last=last, addresses=before))
    if found.faults:
        more = f" (and {len(found.faults) - 1} more)" if len(found.faults) > 1 else ""
        message = f"the new release is refused, nothing was published: {found.faults[0]}{more}"
        raise RefusedError(message, found)
    return hex_digest((staging / paths.MANIFEST).read_bytes())


def _named(place: PublishedFolders, staging: Path, name: str) -> Path:
    release = place.releases / name
    if release.exists():
        # The same site with a new stamp: a release is never changed in place, so it gets a name of its own.
        release = place.releases / f"{name}.{_sequence(staging)}"
    staging.rename(release)
    sync_folder(place.releases)
    return release


def _swap(place: PublishedFolders, release: Path) -> None:
    link = place.root / f".current.{os.getpid()}"
    link.symlink_to(Path("releases", release.name))
    link.replace(place.current)
    sync_folder(place.root)


def _pruned(place: PublishedFolders, keep: int) -> Iterator[str]:
    """Remove all but the newest releases, and every one that still holds a document withdrawn since."""
    served = place.served
    assert served is not None
    log, _ = read_log(read_bounded(served / paths.LOG, MAX_LOG) or b"", name=paths.LOG)
    others = sorted(
        (each for each in place.releases.iterdir() if each != served and _is_release(each)),
        key=lambda folder: (_sequence(folder), folder.name),
        reverse=True,
    )
    for position, folder in enumerate(others, 2):
        if position > keep or any(_held_at(folder, path, entry.sha256) for path, entry in log.withdrawn.items()):
            # Renamed first: a kill in the middle leaves no half release under a release's name.
            doomed = folder.rename(place.releases / f".removing-{folder.name}")
            shutil.rmtree(doomed)
            yield folder.name


def _is_release(folder: Path) -> bool:
    return bool(_RELEASE.fullmatch(folder.name)) and (folder / paths.MANIFEST).is_file() and not folder.is_symlink()


def _held_at(folder: Path, path: str, sha256: str) -> bool:
    """At its path, or with its bytes where it was filed before it was archived."""
    before = place(folder, paths.RAW + without_archive(path))
    same = before.is_file() and hex_digest(before.read_bytes()) == sha256
    return same or place(folder, paths.RAW + path).exists()


def _sequence(release: Path) -> int:
    try:
        return parse_stamp(read_bounded(release / paths.STAMP, MAX_STAMP) or b"").sequence
    except ValueError:
        return 0
