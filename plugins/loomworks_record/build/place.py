"""Where a project keeps its cache."""

from __future__ import annotations

from loomworks_record.build.cache import Cache
from loomworks_record.source.project import Project

FOLDER = ".cache/record"
_MEGABYTE = 1_000_000


def cache_of(project: Project) -> Cache:
    """The cache of a project, beside its mkdocs.yml; one that holds nothing where ``cache_size`` is 0."""
    return Cache(project.root / FOLDER, project.config.cache_size * _MEGABYTE)
