"""A folder that an export makes: whole, or not there. Apart from ``files``, which a check of a site starts with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loomworks_record.bundle.faults import CheckError
from loomworks_record.bundle.files import sync_tree
from loomworks_record.errors import UsageError


@contextmanager
def exported_folder(target: Path) -> Iterator[Path]:
    """A folder beside ``target`` to write into; it becomes ``target``, on the disk and whole, or nothing is left.

    UsageError if ``target`` is there, CheckError where the disk refuses.
    """
    if target.exists():
        raise UsageError(f"{target}: is there already; name a folder that does not exist yet")
    staging = target.with_name(f".{target.name}.writing")
    shutil.rmtree(staging, ignore_errors=True)
    try:
        yield staging
        sync_tree(staging)
        staging.rename(target)
    except OSError as wrong:
        raise CheckError(f"{target}: {wrong.strerror or wrong}; nothing was exported") from wrong
    finally:
        shutil.rmtree(staging, ignore_errors=True)
