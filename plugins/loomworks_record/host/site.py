"""From MkDocs' configuration to the record's own values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from loomworks_record.bundle.git import read_revision
from loomworks_record.bundle.log_file import read_log_bytes
from loomworks_record.filing.apply import FilingError, interrupted
from loomworks_record.host.sealing import Read, log_values
from loomworks_record.kept.memo import Memo
from loomworks_record.opening.open_record import OpenRecord, open_record
from loomworks_record.pages.plan import Plan
from loomworks_record.pages.shell import Site
from loomworks_record.record.citations.read_batch import Share
from loomworks_record.source.config import RecordConfig, parse_config
from loomworks_record.source.project import Project
from loomworks_record.source.settings import read_settings

_TRIES = 3


def project_of(config: MkDocsConfig, options: Mapping[str, Any]) -> Project:
    """The project that MkDocs builds; ``options`` are those of the plugin."""
    file = Path(config.config_file_path).resolve() if config.config_file_path else None
    root = file.parent if file else Path.cwd()
    # A preview has another site_url in MkDocs' configuration: its own address. The record keeps its name.
    settings = read_settings(file) if file and file.is_file() else config
    chosen = parse_config(options, {**config, "site_url": settings.get("site_url")})
    return Project(root, Path(config.docs_dir), Path(config.site_dir), config.site_url or "", chosen)


def open_to_build(project: Project, memo: Memo, share: Share = map) -> tuple[OpenRecord, Read]:
    """The record of a project, of which a site may be built. Content, log and commit are of one moment: all is read
    again where the last two are others by then. (Git writes the files first and then says that another commit is
    checked out, filing the other way round.)

    Raises LogError and ArchiveError as ``OpenRecord.refuse_wrong_log``, FilingError while a killed filing waits to be
    finished.
    """
    for _ in range(_TRIES):
        if interrupted(project):
            raise FilingError("a filing was stopped halfway; run 'record file' or 'record unfile' first")
        before = read_log_bytes(project.log_file), read_revision(project.root)
        record = open_record(project, memo, share)
        revision = read_revision(project.root)
        if (read_log_bytes(project.log_file), revision) == before and not interrupted(project):
            record.refuse_wrong_log()
            return record, Read(record.whole.record.content, record.log, revision)
    raise FilingError("the log or the commit changed each time content/ was read; build again when that has ended")


def plan_of(config: MkDocsConfig, record: OpenRecord) -> Plan:
    """The plan of the site of a record. Raises BaselineError when the baseline cannot be read."""
    known = frozenset(record.compared.known)
    return Plan(record.whole, _site(config, record.project.config), log_values(record.log), known)


def _site(config: MkDocsConfig, options: RecordConfig) -> Site:
    extra = tuple(str(sheet) for sheet in config.extra_css)
    scripts = tuple(str(script) for script in config.extra_javascript)
    default = Site("", "", "", "", "", True)
    return Site(
        name=options.name,
        line=options.line,
        lede=options.lede,
        origin=options.origin,
        origin_url=config.site_url or "",
        search=options.search,
        signed=options.signing_key is not None,
        stylesheets=default.stylesheets + extra,
        scripts=default.scripts + scripts,
        scheme=_scheme(config),
    )


def _scheme(config: MkDocsConfig) -> str | None:
    """Material's colour scheme where one is configured; else the reader's system decides."""
    palette = config.theme.get("palette")
    first = palette[0] if isinstance(palette, list) and palette else palette
    scheme = first.get("scheme") if isinstance(first, dict) else None
    return str(scheme) if scheme else None
