"""The bundle around a finished site: the log is checked before a build, integrity files are written after."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

import mkdocs

from loomworks_record import __version__
from loomworks_record.bundle.archive import archived
from loomworks_record.bundle.inputs import gather, project_places
from loomworks_record.bundle.log import Log, missing_entries, refuse_changed_archive
from loomworks_record.bundle.log_file import read_log_bytes, read_log_file
from loomworks_record.bundle.seal import SealSettings, remove_seal, seal
from loomworks_record.pages.log import LogEntry, LogValues, Withdrawn
from loomworks_record.source.config import UnnamedError, origin_of
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem
from loomworks_record.source.project import Project
from loomworks_record.source.store import Content

_BUILT_WITH = ("mkdocs-material", "markdown", "pymdown-extensions", "nh3", "jinja2", "lxml", "pagefind")


def read_checked_log(project: Project, content: Content) -> Log:
    """The project's log. Raises ArchiveError when an archived document differs from its entry, or when something that
    was withdrawn is still there."""
    log = read_log_file(project.log_file)
    filed = [document.path for document in content.documents] + [each.path for each in content.attachments]
    refuse_changed_archive(log, archived(content.documents), filed)
    return log


def log_problems(log: Log, documents: Iterable[Document]) -> Iterator[Problem]:
    """Every archived document has an entry."""
    for document in missing_entries(log, archived(documents)):
        yield Problem(document.path, None, "log-missing-entry", "this archived document has no entry in the log")


def log_values(log: Log) -> LogValues:
    """The log as pages show it."""
    withdrawn = tuple(
        Withdrawn(path, entry.version or "", entry.sha256, entry.reason or "", entry.sequence)
        for path, entry in sorted(log.withdrawn.items())
    )
    entries = {
        path: LogEntry(entry.sequence, date.fromisoformat(entry.date) if entry.date else None)
        for path, entry in log.in_force.items()
    }
    return LogValues(entries, withdrawn, len(log.entries))


def seal_site(project: Project, site_dir: Path, known: Mapping[str, str]) -> None:
    """Write ``integrity/``, ``_headers`` and ``_redirects`` into a finished site; ``known``: see ``seal``.

    Raises UnnamedError where nothing names the record; what an earlier build sealed there is removed.
    """
    try:
        origin = origin_of(project.config)
    except UnnamedError:
        remove_seal(site_dir)
        raise
    places = project_places(project.root, project.content_dir)
    key = project.root / project.config.signing_key if project.config.signing_key else None
    seal(
        site_dir,
        log=read_log_bytes(project.log_file),
        inputs=gather(places, _builder()),
        settings=SealSettings(
            origin=origin,
            host=project.config.host,
            redirects=dict(project.config.redirects),
            key=key,
            days=project.config.stamp_days,
            base=project.base,
        ),
        issued=int(time.time()),
        known=known,
    )


def _builder() -> dict[str, str]:
    # ProperDocs puts itself in the place of the module mkdocs: the name that the module has is the host's own.
    host = {mkdocs.__name__: mkdocs.__version__}
    return {"loomworks-record": __version__} | host | {name: version(name) for name in _BUILT_WITH}
