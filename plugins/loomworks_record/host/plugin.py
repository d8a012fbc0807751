"""The MkDocs plugin ``record``. Each hook is one call; what is built follows from the plan."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mkdocs
from jinja2 import Environment, FileSystemLoader
from mkdocs.config.base import Config, ConfigErrors, ConfigWarnings, LegacyConfig
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import Files
from pathspec.gitignore import GitIgnoreSpec

from loomworks_record.build.assets import asset_names
from loomworks_record.build.cache_place import cache_to_build
from loomworks_record.build.finished import Finished
from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.following import follow_chains
from loomworks_record.build.gc_pause import unswept
from loomworks_record.build.look import Look
from loomworks_record.build.ownership import alone_in, leave_note, refuse_foreign
from loomworks_record.build.progress import progress
from loomworks_record.build.sealing import Read, parts_of, seal_site
from loomworks_record.build.search_later import SearchLater
from loomworks_record.build.site import Later, write_site
from loomworks_record.build.to_build import open_to_build, plan_of
from loomworks_record.build.workers import Workers
from loomworks_record.bundle.inputs import Parts
from loomworks_record.errors import RecordError
from loomworks_record.host.as_read import refuse_other_settings
from loomworks_record.host.other_plugins import paths_below, put_last, without_effect
from loomworks_record.host.report import close_report, end_in_one_line, in_one_line, report, show_tracebacks
from loomworks_record.host.site import additions, project_of
from loomworks_record.kept.cache import Cache
from loomworks_record.opening.open_record import OpenRecord
from loomworks_record.pages.plan import Plan
from loomworks_record.render.templates import sources, templates_folder
from loomworks_record.source.config import UnnamedError, parse_config
from loomworks_record.source.project import Project

log = get_plugin_logger(__name__)

_FIRST, _LAST = float("inf"), float("-inf")  # before and after plugins of any other priority

# MkDocs lists docs_dir by recursion (os.walk before Python 3.12); a path has at most some 2,000 names.
_DEEP = 6_000

_NOTICE = (
    "Material's notice above asks nothing of you: the pages of a record are made by its own code, with MkDocs or "
    "without (docs/hosts.md). 'record build' and 'record serve' leave it out, and so does NO_MKDOCS_2_WARNING=1"
)

# Pages that MkDocs would make from Material's templates and that the record makes itself.
_OWN_TEMPLATES = ("404.html", "sitemap.xml")


class Options(Config):  # type: ignore[no-untyped-call]
    """MkDocs asks for a class of options; ours are checked by the record's own parser, see ``load_config``."""


def _notice_shown() -> bool:
    """Whether Material (9.7) has shown its notice; False where it cannot be told. It sets its variable in any case, so
    that what counts is the environment with which this process began."""
    try:
        began_with = Path("/proc/self/environ").read_bytes()
    except OSError:
        return False
    given = [line.partition(b"=")[2] for line in began_with.split(b"\0") if line.startswith(b"NO_MKDOCS_2_WARNING=")]
    return not any(given)


class RecordPlugin(BasePlugin[Options]):  # type: ignore[no-untyped-call]
    """Publishes a record: documents, histories, phases, lists, search, machines' files."""

    project: Project
    record: OpenRecord
    plan: Plan
    read: Read
    parts: Parts
    cache: Cache
    workers: Workers
    open: ExitStack  # what is closed when all is written
    held: ExitStack  # what is let go when the site is sealed
    assets: Mapping[str, str]
    theme_folders: list[str]  # where the theme's templates are, while MkDocs lists its files
    recursion: int  # how deep it may go, while MkDocs does not list folders
    filed: frozenset[str]  # the files below docs_dir before any other plugin ran
    folder: SiteFolder | None = None  # kept between the builds of a preview: it knows what it wrote
    finished: Finished | None = None  # of a site that stays; a preview's folder is a new one each time
    serving = False
    sealed_by: Mapping[str, str] | None = None  # the programs of this build, where others act after it
    later: SearchLater | None = None  # of a preview

    def on_startup(self, *, command: str, dirty: bool) -> None:
        self.serving = command == "serve"
        show_tracebacks()
        if _notice_shown():
            log.info(_NOTICE)
        self.later = SearchLater() if self.serving else None

    def load_config(
        self, options: dict[str, Any] | LegacyConfig, config_file_path: str | None = None
    ) -> tuple[ConfigErrors, ConfigWarnings]:
        """Options are checked by the record's own parser: the same for the plugin and for ``record``."""
        self.options = dict(options)
        try:
            parse_config(self.options)
        except RecordError as wrong:
            return [("record", Exception(str(wrong)))], []
        return [], []

    @event_priority(_FIRST)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self.recursion = sys.getrecursionlimit()
        sys.setrecursionlimit(max(self.recursion, _DEEP))
        self.filed = paths_below(Path(config.docs_dir))
        self.project = project_of(config, self.options)
        with in_one_line():
            self.parts = parts_of(self.project)
            refuse_other_settings(config, self.options)
        self.open, self.held = ExitStack(), ExitStack()
        if self.later:
            self.later.stop()
            self.open.enter_context(self.later.lock)
        self.cache = self.open.enter_context(cache_to_build(self.project))
        # The record reads content/ itself; MkDocs would warn that it leaves a README.md beside an index.md out.
        config.exclude_docs = GitIgnoreSpec.from_lines(["README.md"])
        _use_templates(config)
        self.assets = asset_names(templates_folder())
        return config

    @event_priority(_LAST)
    def on_pre_build(self, config: MkDocsConfig) -> None:
        put_last(config.plugins, self)  # whatever another plugin writes is sealed
        self.others: frozenset[str] = frozenset()
        with in_one_line():
            if not self.serving:
                self.others = refuse_foreign(self.project.site_dir, self.project.content_dir)
                self.held.enter_context(alone_in(self.project.site_dir))
                leave_note(self.project.site_dir)
        config.site_dir = _spared(self.project.site_dir)
        # MkDocs lists every file of the theme; Material has 14,000, of which none is a file of this site.
        self.theme_folders = config.theme.dirs
        config.theme.dirs = list(map(str, _template_folders(config)))

    @event_priority(_FIRST)
    def _give_back(self, files: Files, config: MkDocsConfig) -> Files:
        """The site is where it was: MkDocs has emptied another folder, which is not the site."""
        for file in files:
            if file.dest_dir == config.site_dir:
                file.dest_dir = str(self.project.site_dir)
        config.site_dir = str(self.project.site_dir)
        config.theme.dirs = self.theme_folders
        sys.setrecursionlimit(self.recursion)
        return files

    @event_priority(_LAST)
    def _read(self, files: Files, config: MkDocsConfig) -> Files:
        _report_plugins(config, paths_below(Path(config.docs_dir)) - self.filed)
        self._begin(config)
        with in_one_line(), unswept():
            share = map if self.serving else self.workers.results
            self.record, self.read = open_to_build(self.project, self.cache, share)
            self.texts = follow_chains(self.record.whole, self.cache, self.workers)
            self.plan = plan_of(self.record, config.site_url or "", additions(config))
        report(self.record.compared, strict=config.strict)
        return _assets(files, config, self.assets)

    on_files = CombinedEvent(_give_back, _read)

    @event_priority(_FIRST)
    def _give_templates_back(self, env: Environment, config: MkDocsConfig, files: Files) -> Environment:
        """Other plugins find the theme's templates."""
        env.loader = FileSystemLoader(self.theme_folders)
        return env

    def _write_all(self, env: Environment, config: MkDocsConfig, files: Files) -> Environment:
        """Pages and files are written before MkDocs copies the assets; there are no pages that it knows of."""
        with in_one_line():
            self._write(config)
        return env

    on_env = CombinedEvent(_give_templates_back, _write_all)

    def on_post_build(self, config: MkDocsConfig) -> None:
        assert self.folder is not None
        self.folder.finish()
        self.open.close()
        with self.held:
            self._seal(_host(config.theme.name))
        # What others write when all is over is sealed then, once more.
        if not self.serving and len(config.plugins.events["shutdown"]) > 1:
            self.sealed_by = _host(config.theme.name)
        close_report(self.record.compared, strict=config.strict)

    def _seal(self, host: Mapping[str, str]) -> None:
        assert self.folder is not None
        if self.serving:  # a preview is not published: it needs no proof
            return
        with in_one_line():
            try:
                seal_site(self.project, self.read, self.parts, self.folder, host, self.plan.moves())
            except UnnamedError as wrong:
                log.info(f"the site is built, and not sealed: {wrong}")  # no fault of the record: --strict passes

    def on_shutdown(self) -> None:
        if self.later:
            self.later.stop()
        if self.sealed_by is not None:
            with in_one_line(), alone_in(self.project.site_dir):
                self._seal(self.sealed_by)

    @event_priority(_LAST)  # it may end the build at once
    def on_build_error(self, error: Exception) -> None:
        if hasattr(self, "open"):  # it may have failed before it began
            self.open.close()
            self.held.close()
        end_in_one_line(error, serving=self.serving)

    def on_serve(self, server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        server.watch(str(templates_folder()))
        return server

    def _begin(self, config: MkDocsConfig) -> None:
        """Before the record is read: what is in the folder, and who will render."""
        site_dir = Path(config.site_dir)
        if self.folder is None or self.folder.root != site_dir:
            self.folder = SiteFolder(site_dir)
        self.finished = None if self.serving else Finished(self.cache, self.folder)
        self.folder.begin(self.others, self.finished.files if self.finished else None)
        self.workers = self.open.enter_context(Workers(self.project.config.workers))
        self.workers.begin()

    def _write(self, config: MkDocsConfig) -> None:
        assert self.folder is not None
        look = Look(self.plan.site, sources(_template_folders(config)), self.assets)
        later, finished = self._search_later(), self.finished
        counted = write_site(
            self.plan, look, self.cache, self.folder, self.workers, progress(), later, self.texts, finished
        )
        before = self.record.compared
        self.record = self.record.with_problems(counted.problems)
        report(self.record.compared, strict=config.strict, besides=before)

    def _search_later(self) -> Later | None:
        later, folder = self.later, self.folder
        if later is None or folder is None:
            return None
        return partial(later.begin, self.project, self.plan.whole, folder)


def _host(theme: str | None) -> dict[str, str]:
    """The programs that drive a build. ProperDocs puts itself in the place of the module mkdocs: the name that the
    module has is the host's own."""
    material = {"mkdocs-material": version("mkdocs-material")} if theme == "material" else {}
    return {mkdocs.__name__: mkdocs.__version__, **material}


def _spared(site_dir: Path) -> str:
    """A folder that is not there. MkDocs empties ``site_dir`` before a build; what is right there need not be written
    again, and what is not ours is not to be lost."""
    return str(site_dir / ".not-here")


def _use_templates(config: MkDocsConfig) -> None:
    """Our templates stand behind the user's own ``custom_dir`` and before the theme's."""
    ours = str(templates_folder())
    if ours not in config.theme.dirs:
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, ours)
    for template in _OWN_TEMPLATES:
        config.theme.static_templates.discard(template)


def _template_folders(config: MkDocsConfig) -> list[Path]:
    """The user's own, then ours."""
    return [*([Path(config.theme.custom_dir)] if config.theme.custom_dir else []), templates_folder()]


def _assets(files: Files, config: MkDocsConfig, assets: Mapping[str, str]) -> Files:
    """Of MkDocs' own files, only those that our pages use: our assets and those of the user's ``custom_dir``; not the
    theme's, not what lies in content/.

    Given a relative ``--config-file``, hosts make ``custom_dir`` a relative path, so both sides are resolved.
    """
    folders = [folder.resolve() for folder in _template_folders(config)]
    # Of ten thousand documents, none is resolved.
    others = [file for file in files if file.src_dir != config.docs_dir and file.abs_src_path is not None]
    kept = Files([file for file in others if _is_asset(Path(file.abs_src_path or "").resolve(), folders)])
    for file in kept:
        file.dest_uri = assets.get(file.dest_uri, file.dest_uri)
    return kept


def _is_asset(file: Path, folders: Sequence[Path]) -> bool:
    # Below record/ stand our templates, and what they include is not a file of the site.
    return any(file.is_relative_to(folder) and not file.is_relative_to(folder / "record") for folder in folders)


def _report_plugins(config: MkDocsConfig, written: frozenset[str]) -> None:
    """One line for the plugins that cannot act, a warning for each that is a check, and for what was written."""
    found = dict(without_effect(config.plugins))
    if idle := [name for name, is_check in found.items() if not is_check]:
        log.info(f"plugins without effect on pages of the record: {', '.join(idle)}")
    for name, is_check in found.items():
        if is_check:
            log.warning(f"plugin '{name}' checks MkDocs' own pages, and a record has none; check the built site")
    for path in sorted(written):
        log.warning(f"'{path}' was written into docs_dir by another plugin, so it is filed; take that plugin out")
