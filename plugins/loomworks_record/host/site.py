"""From MkDocs' configuration to the record's own values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from loomworks_record.bundle.git import Revision, read_revision
from loomworks_record.bundle.log import Log, parse_log
from loomworks_record.bundle.log_file import read_log_bytes
from loomworks_record.filing.apply import FilingError, interrupted
from loomworks_record.host.sealing import Read, log_problems, log_values, refuse_changed_record
from loomworks_record.kept.memo import Memo
from loomworks_record.pages.plan import Plan
from loomworks_record.pages.shell import Site
from loomworks_record.record.citations.read_batch import Share
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.source.baseline import BaselineError, compare_problems, parse_baseline
from loomworks_record.source.config import RecordConfig, parse_config
from loomworks_record.source.problem import Problem
from loomworks_record.source.project import Project
from loomworks_record.source.settings import read_settings
from loomworks_record.source.store import Content, read_content

_TRIES = 3


def project_of(config: MkDocsConfig, options: Mapping[str, Any]) -> Project:
    """The project that MkDocs builds; ``options`` are those of the plugin."""
    file = Path(config.config_file_path).resolve() if config.config_file_path else None
    root = file.parent if file else Path.cwd()
    # A preview has another site_url in MkDocs' configuration: its own address. The record keeps its name.
    settings = read_settings(file) if file and file.is_file() else config
    chosen = parse_config(options, {**config, "site_url": settings.get("site_url")})
    return Project(root, Path(config.docs_dir), Path(config.site_dir), config.site_url or "", chosen)


def read_plan(config: MkDocsConfig, project: Project, memo: Memo, share: Share = map) -> tuple[Plan, Read]:
    """Read the whole record and its log, and plan the site. What ``memo`` has is not read again; ``share`` may
    have other processes read the rest.

    Raises ArchiveError when the two differ, FilingError while a killed filing waits to be finished.
    """
    content, log, revision = _read_together(project, memo)
    refuse_changed_record(log, content)
    missing = tuple(log_problems(log, content.documents)) if project.log_file.exists() else ()
    whole = Whole(Record(project.config, content), missing, memo, share)
    plan = Plan(whole, _site(config, project.config), log_values(log), known_problems(project, whole.problems))
    return plan, Read(content, log, revision)


def _read_together(project: Project, memo: Memo) -> tuple[Content, Log, Revision | None]:
    """Content, log and commit of one moment: read again where the last two are others by then.

    Git writes the files first and then says that another commit is checked out, filing the other way round.
    """
    for _ in range(_TRIES):
        if interrupted(project):
            raise FilingError("a filing was stopped halfway; run 'record file' or 'record unfile' first")
        before = read_log_bytes(project.log_file), read_revision(project.root)
        content = read_content(project.content_dir, project.config.kinds, memo)
        data, revision = read_log_bytes(project.log_file), read_revision(project.root)
        if (data, revision) == before and not interrupted(project):
            return content, parse_log(data, name=project.log_file.name), revision
    raise FilingError("the log or the commit changed each time content/ was read; build again when that has ended")


def known_problems(project: Project, problems: Sequence[Problem]) -> frozenset[Problem]:
    """Those that the configured baseline lists. Raises BaselineError when its file cannot be read."""
    if project.config.baseline is None:
        return frozenset()
    file = project.root / project.config.baseline
    try:
        baseline = parse_baseline(file.read_bytes(), name=file.name)
    except OSError as wrong:
        raise BaselineError(f"baseline '{file.name}' cannot be read: {wrong.strerror}; check 'baseline:'") from None
    return frozenset(compare_problems(baseline, problems).known)


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
