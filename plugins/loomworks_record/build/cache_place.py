"""Where a project keeps its cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from loomworks_record.kept.cache import Cache
from loomworks_record.source.project import Project

FOLDER = ".cache/record"
_MEGABYTE = 1_000_000
_NO_LIMIT = 1 << 50  # bytes


def cache_of(project: Project) -> Cache:
    """The cache of a project, beside its mkdocs.yml; one that keeps nothing where ``cache_size`` is 0."""
    return Cache(project.root / FOLDER, project.config.cache_size * _MEGABYTE)


@contextmanager
def cache_to_build(project: Project, left: dict[str, Any] | None = None) -> Iterator[Cache]:
    """The same for a build, which needs what it made a moment ago: with 0, one that is gone when the build is over.
    ``left``: see ``left_in``."""
    if project.config.cache_size:
        with cache_of(project) as cache:
            cache.left = left
            yield cache
        return
    from loomworks_record.endings import temporary_folder  # noqa: PLC0415 - ctypes and tempfile, seldom needed

    with temporary_folder("cache") as folder, Cache(folder, _NO_LIMIT) as cache:
        cache.left = left
        yield cache
