"""Reading as somebody who does not own the files: no mode keeps root from reading."""

from __future__ import annotations

import codecs
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOBODY = 65534


@contextmanager
def other_user() -> Iterator[None]:
    """Within, a test that root runs has the rights of a user without any. (Modules must be imported before.)"""
    if os.geteuid() != 0:
        yield
        return
    for encoding in ("utf-8-sig", "utf-16-le", "utf-16-be", "utf-32"):
        codecs.lookup(encoding)  # its module lies where that user may not read
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter (those of pytest are closed to others)."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for path in [folder, *folder.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(folder)
