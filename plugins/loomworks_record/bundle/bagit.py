"""A BagIt bag (RFC 8493) of a record: the filed bytes, the log, and if wanted the built site."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from loomworks_record import __version__
from loomworks_record.bundle.exported import exported_folder
from loomworks_record.bundle.faults import ContentError, refused
from loomworks_record.bundle.files import digest_files, place, walk
from loomworks_record.bundle.paths import is_unsafe

_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

_HIDDEN = re.compile(r"(?:^|/)\.(?!well-known(?:/|$))")


def export_bag(target: Path, payload: Mapping[str, Path], *, epoch: int | None, info: Mapping[str, str | None]) -> int:
    """Write a bag into ``target``, which must not exist yet; returns the number of payload files.

    ``payload``: name below ``data/`` → file or folder; files whose names begin with a dot stay out. ``epoch`` (seconds
    since 1970 UTC) is the bagging date, so that two exports of one commit are equal; None leaves it out. ``info`` are
    further lines of ``bag-info.txt``, but for those whose value is None or "". UsageError if ``target`` is there,
    ContentError for symlinks, and for names that readers of bags read differently.
    """
    with exported_folder(target) as staging:
        (staging / "data").mkdir(parents=True)
        for name, source in payload.items():
            _copy(source, staging / "data" / name)
        return _write_tags(staging, epoch, info)


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        return
    tree = walk(source)
    faults = [fault for fault in tree.faults if not _HIDDEN.search(fault.path)]
    if faults:
        raise refused(faults)
    for path in tree.files:
        if _HIDDEN.search(path):
            continue  # no sources: a repository's configuration, an editor's notes, secrets of a program
        place(target, path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(place(source, path), place(target, path))


def _write_tags(bag: Path, epoch: int | None, more: Mapping[str, str | None]) -> int:
    files = walk(bag / "data").files
    sizes = sum(place(bag / "data", path).stat().st_size for path in files)
    day = None if epoch is None else dt.datetime.fromtimestamp(epoch, dt.UTC).date().isoformat()
    info = {
        **more,
        "Bagging-Date": day,
        "Bag-Software-Agent": f"loomworks-record {__version__}",
        "Payload-Oxum": f"{sizes}.{len(files)}",
    }
    tags = {
        "bagit.txt": _DECLARATION,
        "bag-info.txt": "".join(f"{name}: {value}\n" for name, value in info.items() if value).encode("utf-8"),
        "manifest-sha256.txt": _manifest(bag, [f"data/{path}" for path in files]),
    }
    for name, data in tags.items():
        (bag / name).write_bytes(data)
    digests = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(tags.items()))
    (bag / "tagmanifest-sha256.txt").write_text(digests, encoding="utf-8", newline="\n")
    return len(files)


def _manifest(bag: Path, paths: list[str]) -> bytes:
    for path in paths:
        # RFC 8493 §2.1.3 writes % as %25, which common readers of bags do not undo: no name that needs it.
        # They also take away the blanks at the end of a line, and take some signs for the end of one.
        if "%" in path or is_unsafe(path) or path != path.rstrip() or len(path.splitlines()) != 1:
            raise ContentError(f"{path!r}: this name is read differently by readers of bags; rename the file")
    lines = (f"{digest}  {path}\n" for path, digest in digest_files(bag, paths).items())
    return "".join(lines).encode("utf-8")
