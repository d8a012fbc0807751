"""What a build is made from, read from the project's folder: digests, commit and time."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from loomworks_record.bundle.faults import CheckError
from loomworks_record.bundle.files import digest_files, walk
from loomworks_record.bundle.paths import is_unsafe
from loomworks_record.bundle.provenance import Inputs, sources_digest
from loomworks_record.source.settings import settings_files

LOG_NAME = "record.log.jsonl"

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Revision:
    """The git commit of a project: id, time in seconds since 1970 UTC, and whether files differ from it."""

    commit: str
    epoch: int
    modified: bool


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a project lie; None, or a place that does not exist: the project has no such part."""

    root: Path
    content: Path
    configuration: Path | None = None
    templates: Path | None = None
    lock: Path | None = None


def project_places(root: Path, content: Path) -> Places:
    """The parts of a project by the names that they always have below its root."""
    return Places(root, content, root / "mkdocs.yml", root / "overrides", root / "requirements.txt")


def gather(places: Places, builder: Mapping[str, str], sources: Mapping[str, str] | None = None) -> Inputs:
    """Digest every part of a project. ``sources``: the digests of the content files where they are known already.

    ``builder``: name → version of the programs that build.
    """
    configuration = settings_files(places.configuration) if places.configuration else []
    inherited = [file for file in configuration[1:] if file.is_relative_to(places.root)]
    others = (places.configuration, *inherited, places.templates, places.lock, places.root / LOG_NAME)
    watched = [str(place) for place in (places.content, *others) if place is not None]
    revision = read_revision(places.root, tuple(watched))
    return Inputs(
        sources=digest_sources(places.content) if sources is None else sources,
        parts={
            "configuration": digest_configuration(configuration),
            "templates": _if_placed(digest_tree, places.templates),
            "lock": _if_placed(digest_if_file, places.lock),
        },
        commit=revision.commit if revision else None,
        modified=revision.modified if revision else False,
        builder=builder,
    )


def digest_sources(content: Path) -> dict[str, str]:
    """sha256 (hex) of every file below a content folder by NFC path; names that begin with a dot are passed over."""
    found = walk(content)
    # Names that no address can be made of are not published; reading the record reports them.
    paths = [path for path in found.files if not _hidden(path) and not is_unsafe(path)]
    digests = digest_files(content, paths)
    for path, digest in digests.items():
        if digest is None:
            raise CheckError(f"{path}: cannot be read; check its permissions")
    named: dict[str, str] = {}
    for path, digest in digests.items():
        # Two forms of one name are one address; reading the record reports them and takes the first, as here.
        named.setdefault(normalize("NFC", path), digest or "")
    return named


def digest_tree(folder: Path) -> str | None:
    """One sha256 (hex) over the paths and bytes below a folder; None if there is no such folder."""
    return sources_digest(digest_sources(folder)) if folder.is_dir() else None


def digest_if_file(path: Path) -> str | None:
    """sha256 (hex) of a file; None if there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def digest_configuration(files: Sequence[Path]) -> str | None:
    """sha256 (hex) of the one file of a configuration; of several, of the list of all digests; None if there is none.

    ``files``: the configuration and what it inherits from, nearest first. Where they lie plays no part.
    """
    digests = {f"configuration/{place}": digest_if_file(file) or "" for place, file in enumerate(files, 1)}
    if len(digests) > 1:
        return sources_digest(digests)
    return next(iter(digests.values()), None)


def read_revision(root: Path, watched: tuple[str, ...] = (".",)) -> Revision | None:
    """The commit that git has checked out at ``root``; None outside git, or before the first commit.

    ``watched``: the paths (relative to ``root``) whose changes, also of files git does not know, make it modified.
    """
    head = _git(root, "log", "-1", "--format=%H %ct", "HEAD")
    if head is None:
        return None
    commit, _, epoch = head.strip().partition(" ")
    if _COMMIT.fullmatch(commit) is None:
        return None
    changes = _git(root, "status", "--porcelain", "--untracked-files=all", "--", *watched)
    return Revision(commit, int(epoch), modified=bool(changes))


def build_epoch(environment: Mapping[str, str], revision: Revision | None, newest: int | None) -> int | None:
    """The time a build may show: SOURCE_DATE_EPOCH, else the commit's, else the newest document's, else none."""
    given = environment.get("SOURCE_DATE_EPOCH", "").strip()
    if given:
        if not given.isdecimal() or not given.isascii():
            raise CheckError(f"SOURCE_DATE_EPOCH: expected seconds since 1970 as a number, got {given!r}")
        return int(given)
    if revision is not None:
        return revision.epoch
    return newest


def _if_placed(digest: Callable[[Path], str | None], place: Path | None) -> str | None:
    return None if place is None else digest(place)


def _hidden(path: str) -> bool:
    return path.startswith(".") or "/." in path


def _git(root: Path, *arguments: str) -> str | None:
    # GIT_DIR and its kin, set while a hook runs, would answer for another repository than the one at root.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), *arguments], env=environment, capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return answer.stdout if answer.returncode == 0 else None
