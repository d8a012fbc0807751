"""A published site as the project that it was made from: the filed bytes that it serves, its log, and nothing else.

What a site publishes of its sources is whole: every filed file, with the path that it is filed at. So it is read as
content is, and every tool answers over it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from loomworks_record.bundle import paths
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.faults import CheckError, Report
from loomworks_record.bundle.fetch import PublishedSite, fetch_small
from loomworks_record.bundle.files import MAX_FILE, read_bounded
from loomworks_record.bundle.manifest import MAX_MANIFEST, parse_manifest
from loomworks_record.bundle.remote import CONNECTIONS, verify_url
from loomworks_record.bundle.verify import LIMITS, verify_directory
from loomworks_record.errors import UsageError
from loomworks_record.record.whole import Whole
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.names import without_archive
from loomworks_record.source.project import LOG_FILE, Project

_RECORD = "api/record.json"
_LARGEST = 512 * 1024 * 1024  # bytes of record.json


class UnprovedError(CheckError):
    """A site did not pass its check; nothing is answered from it."""


def check_site(place: str, key: Path | None) -> Report:
    """``record verify`` of a folder or an address. Raises UnprovedError with the first faults."""
    expected = Expectations(int(time.time()), key=key)
    found = verify_url(place, expected) if is_address(place) else verify_directory(Path(place), expected)
    if found.faults:
        lines = [paths.shown(str(fault)) for fault in found.faults[:5]]
        lines += [f"and {len(found.faults) - 5:,} more: see 'record verify'"] * (len(found.faults) > 5)
        wrong = UnprovedError("\n".join([f"{place} is not verified; --unverified serves it nonetheless:", *lines]))
        wrong.exit_code = found.exit_code
        raise wrong
    return found


def is_address(place: str) -> bool:
    return place.startswith(("http://", "https://"))


def fetch_site(url: str, into: Path, manifest: str) -> None:
    """Put the sources that a site serves into the folder ``into``, each at its address. ``manifest``: the digest (hex)
    of the manifest that was checked, "" for none: then the bytes are taken as they come."""
    site = PublishedSite(url)
    listed = fetch_small(site, paths.MANIFEST, MAX_MANIFEST) or b""
    if manifest and hashlib.sha256(listed).hexdigest() != manifest:
        raise UsageError(f"{url}: another release was published meanwhile; run the command again")
    wanted = parse_manifest(listed, name=paths.MANIFEST).digests
    needed = [path for path in wanted if path.startswith(paths.RAW) or path in (paths.SOURCES, paths.LOG, _RECORD)]

    def put(path: str) -> None:
        answer = site.get_file(path, keep=MAX_FILE)
        if paths.is_unsafe(path) or answer.status != 200 or answer.body is None:
            raise CheckError(f"{url}: {paths.said(path)} cannot be had (status {answer.status}); run the command again")
        if manifest and answer.sha256 != wanted[path]:
            raise CheckError(f"{url}: {paths.said(path)} is another than a moment ago; run the command again")
        file = into / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(answer.body)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(put, needed))


def lay_out(site: Path, into: Path, config: RecordConfig, url: str) -> Project:
    """The sources of the site in a folder, laid out in ``into`` as they are filed."""
    listed = read_bounded(site / paths.SOURCES, LIMITS[paths.SOURCES])
    if listed is None:
        raise UsageError(f"{site} has no {paths.SOURCES}: expected a built site, or a folder of documents")
    root = site.resolve()
    for path in parse_manifest(listed, name=paths.SOURCES).digests:
        found = next(iter(_published(root, path)), None)
        if found is None:
            raise UsageError(f"{paths.shown(path)} is in {paths.SOURCES}, and not published; build the site again")
        file = into / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(found, file)
        except OSError:  # on another disk
            shutil.copyfile(found, file)
    (into / "content").mkdir(exist_ok=True)
    log = read_bounded(site / paths.LOG, LIMITS[paths.LOG])
    if log is not None:
        (into / LOG_FILE).write_bytes(log)
    return Project(into, into / "content", site, url, config)


def _published(root: Path, path: str) -> Iterator[Path]:
    """The file below the site that has the bytes of what is filed at ``path``; nothing outside of it."""
    if not paths.is_unsafe(path):
        for each in (path, without_archive(path)):
            file = root / paths.RAW / each
            if file.is_file() and file.resolve() == file:
                yield file


def read_otherwise(site: Path, whole: Whole) -> int:
    """Of how many documents the site itself says another standing, version, kind or chain: it was built with a
    configuration that it does not publish."""
    data = read_bounded(site / _RECORD, _LARGEST)
    try:
        said = msgspec.json.decode(data or b"{}", type=dict[str, msgspec.Raw]).get("documents", msgspec.Raw(b"[]"))
        rows = {row["path"]: row for row in msgspec.json.decode(said)}
    except (msgspec.DecodeError, KeyError, TypeError):
        return 0
    record = whole.record

    def differs(path: str) -> bool:
        row, each = rows.get(path, {}), record.by_path[path]
        own = (record.standing(each), str(each.version) if each.version else None, each.kind, each.chain)
        return own != tuple(row.get(key) for key in ("standing", "version", "kind", "chain"))

    return sum(differs(path) for path in record.by_path)
