"""The bundle around a finished site: its integrity files."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

from loomworks_record import __version__
from loomworks_record.build.folder import SiteFolder
from loomworks_record.bundle.faults import CheckError
from loomworks_record.bundle.files import place
from loomworks_record.bundle.git import Revision
from loomworks_record.bundle.inputs import Intake, Parts, inputs_of, project_places, read_parts, refuse_changed_parts
from loomworks_record.bundle.log import Log
from loomworks_record.bundle.seal import Seal, SealSettings, list_unsealed, seal
from loomworks_record.endings import say_step
from loomworks_record.pages import addresses
from loomworks_record.pages.moves import LogEntry, LogValues, Withdrawal
from loomworks_record.source.config import UnnamedError, origin_of
from loomworks_record.source.project import Project
from loomworks_record.source.store import Content, unread

_BUILT_WITH = ("pyromark", "pygments", "nh3", "jinja2", "lxml", "pagefind")


@dataclass(frozen=True)
class Read:
    """What a site was built from, as it was read: content, log and commit."""

    content: Content
    log: Log
    revision: Revision | None


def log_values(log: Log) -> LogValues:
    """The log as pages show it."""
    withdrawn = tuple(
        Withdrawal(path, entry.version or "", entry.sha256, entry.reason or "", entry.sequence, _day(entry.date))
        for path, entry in sorted(log.withdrawn.items())
    )
    entries = {path: LogEntry(entry.sequence, _day(entry.date)) for path, entry in log.in_force.items()}
    return LogValues(entries, withdrawn, len(log.entries))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def parts_of(project: Project) -> Parts:
    """The configuration, the templates and the lock file of a project, as they stand."""
    return read_parts(project_places(project.root, project.content_dir))


def refuse_unread(content: Content) -> None:
    """Raises CheckError where a file that would be published could not be read."""
    for problem in unread(content):
        raise CheckError(f"{problem.path}: {problem.message}; make it readable, and build again")


def seal_site(
    project: Project,
    read: Read,
    parts: Parts,
    folder: SiteFolder,
    host: Mapping[str, str],
    moves: Mapping[str, str],
    *,
    others_write: bool,
) -> Seal:
    """Write ``integrity/``, ``_headers`` and ``_redirects`` into a finished site. ``host``: the programs that drove the
    build, name to version. ``moves``: see ``SealSettings``. ``others_write``: files of the folder may have been written
    by others since they were put there.

    It says of itself what was ``read``, never what has been written since. Raises CheckError as
    ``refuse_unread``, ContentError where one of ``parts`` was written while the site was built, UnnamedError where
    nothing names the record; what an earlier build sealed there is removed then, and the files are listed.
    """
    refuse_unread(read.content)
    try:
        origin = origin_of(project.config)
    except UnnamedError:
        list_unsealed(folder.root)
        raise
    say_step("Sealing the site")
    places = project_places(project.root, project.content_dir)
    refuse_changed_parts(places, parts)
    taken = _taken(read, parts, folder)
    key = project.root / project.config.signing_key if project.config.signing_key else None
    return seal(
        folder.root,
        log=taken.log,
        inputs=inputs_of(places, taken, builder(host)),
        settings=SealSettings(
            origin=origin,
            host=project.config.host,
            redirects=dict(project.config.redirects),
            moves=moves,
            key=key,
            days=project.config.stamp_days,
            base=project.base,
            filed_html=project.config.filed_html,
        ),
        issued=int(time.time()),
        known=folder.known if others_write else folder.wanted,
        are_as_known=not others_write,
    )


def _taken(read: Read, parts: Parts, folder: SiteFolder) -> Intake:
    documents = {document.path: document for document in read.content.documents}
    sources = {path: document.sha256 for path, document in documents.items()}
    # An attachment is read when it is put into the site, and only then.
    sources |= {each.path: folder.digest(addresses.raw_at(each.path)) for each in read.content.attachments}

    def data(path: str) -> bytes:
        if path in documents:
            return documents[path].data
        return place(folder.root, addresses.raw_at(path)).read_bytes()

    return Intake(sources, data, bytes(read.log), parts, read.revision)


def builder(host: Mapping[str, str]) -> dict[str, str]:
    """The programs that a site is made with, name to version."""
    return {"loomworks-record": __version__, **host} | {name: version(name) for name in _BUILT_WITH}
