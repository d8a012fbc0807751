"""`record verify --rebuild`: the sources, built again, make the same bundle."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from loomworks_record.bundle import paths
from loomworks_record.bundle.checks import Bundle
from loomworks_record.bundle.faults import Fault
from loomworks_record.bundle.files import digest_files, walk
from loomworks_record.endings import temporary_folder
from loomworks_record.errors import RecordError

_BESIDE = (paths.STAMP, paths.SIGNATURE, paths.NOTE, paths.TLOG_NOTE)  # of a time, or of a key


def rebuild_faults(bundle: Bundle, found: Mapping[str, str | None], rebuild: Callable[[Path], None]) -> Iterator[Fault]:
    """A rebuild of the sources makes the same files, byte for byte, but for the stamp."""
    with temporary_folder("rebuild") as folder:
        built = folder / "site"
        try:
            rebuild(built)
        except RecordError as wrong:
            yield Fault("rebuild-failed", "", str(wrong))
            return
        files = [path for path in walk(built).files if path not in _BESIDE]
        made = digest_files(built, files)
    here = dict(found)
    here[paths.MANIFEST] = hashlib.sha256(bundle.manifest).hexdigest()
    if bundle.checkpoint is not None:
        here[paths.CHECKPOINT] = hashlib.sha256(bundle.checkpoint).hexdigest()
    for path in sorted(here.keys() | made.keys()):
        if path not in made:
            yield Fault("rebuild-missing", path, "is in the bundle, but the sources do not make it")
        elif path not in here:
            yield Fault("rebuild-extra", path, "is made from the sources, but is not in the bundle")
        elif here[path] != made[path]:
            yield Fault("rebuild-differs", path, f"sha256 {here[path]} in the bundle, {made[path]} rebuilt")
