"""From a record to the plan of its site: read at one moment, with what a user adds to its pages."""

from __future__ import annotations

from loomworks_record.build.look import Additions
from loomworks_record.build.sealing import Read, log_values, refuse_unread
from loomworks_record.bundle.git import read_revision
from loomworks_record.bundle.log_file import locked, read_log_bytes
from loomworks_record.endings import say_step
from loomworks_record.filing.apply import FilingError
from loomworks_record.filing.journal import interrupted
from loomworks_record.kept.memo import Memo
from loomworks_record.opening.open_record import OpenRecord, open_record
from loomworks_record.pages.plan import Plan
from loomworks_record.pages.shell import Site
from loomworks_record.record.citations.read_batch import Share
from loomworks_record.source.project import Project

_TRIES = 3


def open_to_build(project: Project, memo: Memo, share: Share = map) -> tuple[OpenRecord, Read]:
    """The record of a project, of which a site may be built. Content, log and commit are of one moment: all is read
    again where the last two are others by then. (Git writes the files first and then says that another commit is
    checked out, filing the other way round.)

    Raises LogError and ArchiveError as ``OpenRecord.refuse_wrong_log``, CheckError where that is so since a file could
    not be read, FilingError while a killed filing waits to be finished, BusyError while one is at work for long.
    """
    say_step("Reading the documents")
    for _ in range(_TRIES):
        if interrupted(project.root):
            with locked(project.root):  # or it is at work yet
                _refuse_interrupted(project)
        before = read_log_bytes(project.log_file), read_revision(project.root)
        record = open_record(project, memo, share)
        revision = read_revision(project.root)
        if (read_log_bytes(project.log_file), revision) == before and not interrupted(project.root):
            if record.log_faults:  # of a file that is there, and could not be read, no entry of the log is missing
                refuse_unread(record.whole.record.content)
            record.refuse_wrong_log()
            return record, Read(record.whole.record.content, record.log, revision)
    raise FilingError("the log or the commit changed each time content/ was read; build again when that has ended")


def _refuse_interrupted(project: Project) -> None:
    if interrupted(project.root):
        raise FilingError("a filing or withdrawal was stopped halfway; run `record file`, which finishes it, first")


def plan_of(record: OpenRecord, site_url: str, added: Additions) -> Plan:
    """The plan of the site of a record. Raises BaselineError when the baseline cannot be read."""
    options = record.project.config
    default = Site("", "", "", "", "", True)
    site = Site(
        name=options.name,
        line=options.line,
        lede=options.lede,
        origin=options.origin,
        origin_url=site_url,
        search=options.search,
        signed=options.signing_key is not None,
        verifier_key=_verifier_key(record.project),
        stylesheets=(*default.stylesheets, *added.stylesheets),
        scripts=(*default.scripts, *added.scripts),
        scheme=added.scheme,
    )
    return Plan(record.whole, site, log_values(record.log), frozenset(record.compared.known))


def _verifier_key(project: Project) -> str | None:
    """What the log's signed note is checked with, where the configured key can sign one."""
    options = project.config
    if options.signing_key is None or not options.origin:
        return None
    from loomworks_record.bundle.note import log_key  # noqa: PLC0415 - cryptography: 60 ms, with a key only

    found = log_key(options.origin, project.root / options.signing_key)
    return None if found is None else str(found[0])
