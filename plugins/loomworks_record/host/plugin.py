"""The MkDocs plugin ``record``. Each hook is one call; what is built follows from the plan."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mkdocs
from jinja2 import Environment, FileSystemLoader
from mkdocs.config.base import Config, ConfigErrors, ConfigWarnings, LegacyConfig
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import Files
from pathspec.gitignore import GitIgnoreSpec

from loomworks_record.build.as_left import AsLeft
from loomworks_record.build.assets import asset_names
from loomworks_record.build.cache_place import cache_to_build
from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.gc_pause import unswept
from loomworks_record.build.ownership import SiteContents, alone_in, take
from loomworks_record.build.progress import progress
from loomworks_record.build.sealing import parts_of, seal_site
from loomworks_record.build.workers import Workers
from loomworks_record.bundle.inputs import Parts
from loomworks_record.errors import RecordError, UsageError
from loomworks_record.host.other_plugins import are_alone, paths_below, put_last, without_effect
from loomworks_record.host.report import close_report, end_in_one_line, in_one_line, report, show_tracebacks
from loomworks_record.host.site import additions, project_of, refuse_other_settings
from loomworks_record.kept.cache import Cache
from loomworks_record.render.templates import templates_folder
from loomworks_record.source.baseline import BaselineComparison
from loomworks_record.source.config import UnnamedError, parse_config
from loomworks_record.source.project import Project

if TYPE_CHECKING:  # with all that makes pages
    from loomworks_record.build.making import Making
    from loomworks_record.build.search_later import SearchLater

log = get_plugin_logger(__name__)

_FIRST, _LAST = float("inf"), float("-inf")  # before and after plugins of any other priority

# MkDocs lists docs_dir by recursion (os.walk before Python 3.12); a path has at most some 2,000 names.
_DEEP = 6_000

_SETTLE = 0.02  # seconds without a change before a preview is built again: those of one look come together

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
    parts: Parts
    left: AsLeft
    making: Making
    compared: BaselineComparison | None = None  # the problems of a record of which nothing has changed
    cache: Cache
    workers: Workers
    open: ExitStack  # what is closed when all is written
    held: ExitStack  # what is let go when the site is sealed
    assets: Mapping[str, str]
    theme_folders: list[str]  # where the theme's templates are, while MkDocs lists its files
    docs_dir: str
    recursion: int  # how deep it may go, while MkDocs does not list folders
    filed: frozenset[str]  # the files below docs_dir before any other plugin ran
    linked: frozenset[str] = frozenset()  # and the links to folders
    folder: SiteFolder | None = None  # kept between the builds of a preview: it knows what it wrote
    serving = False
    sealed_again = False  # others act after this build
    later: SearchLater | None = None  # of a preview
    alone: bool  # nobody else has a part in a build
    found: SiteContents | None = None  # in the folder of the site

    def on_startup(self, *, command: str, dirty: bool) -> None:
        self.serving = command == "serve"
        show_tracebacks()
        if _notice_shown():
            log.info(_NOTICE)
        if self.serving:
            from loomworks_record.build.search_later import SearchLater  # noqa: PLC0415 - with all that makes pages

            self.later = SearchLater()

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
        self.filed, self.linked = paths_below(Path(config.docs_dir))
        self.project = project_of(config, self.options)
        with in_one_line():
            self.parts = parts_of(self.project)
            refuse_other_settings(config, self.options)
        self.open, self.held = ExitStack(), ExitStack()
        if self.later:
            self.later.stop()
            self.open.enter_context(self.later.lock)
        left = self.later.left if self.later else None
        self.cache = self.open.enter_context(cache_to_build(self.project, left))
        # The record reads content/ itself; MkDocs would warn that it leaves a README.md beside an index.md out.
        config.exclude_docs = GitIgnoreSpec.from_lines(["README.md"])
        _use_templates(config)
        self.assets = asset_names(templates_folder())
        return config

    @event_priority(_LAST)
    def on_pre_build(self, config: MkDocsConfig) -> None:
        put_last(config.plugins, self)  # whatever another plugin writes is sealed
        self.alone = are_alone(config.plugins) and not (config.extra_templates or config.theme.static_templates)
        if not self.serving:
            with in_one_line(), unswept():
                self._look_at_site(config)
        config.site_dir, self.docs_dir = _spared(self.project.site_dir), config.docs_dir
        # MkDocs need not list the documents where nobody asks for its list. Nor may it where it would follow a link to
        # a folder, which the record does not: it may lead to more than can be listed.
        if self.alone or self.linked:
            config.docs_dir = str(Path(config.site_dir) / "documents")
        # MkDocs lists every file of the theme; Material has 14,000, of which none is a file of this site.
        self.theme_folders = config.theme.dirs
        config.theme.dirs = list(map(str, _template_folders(config)))

    @event_priority(_FIRST)
    def _give_back(self, files: Files, config: MkDocsConfig) -> Files:
        """The site is where it was: MkDocs has emptied another folder, which is not the site."""
        for file in files:
            if file.dest_dir == config.site_dir:
                file.dest_dir = str(self.project.site_dir)
        config.site_dir, config.docs_dir = str(self.project.site_dir), self.docs_dir
        config.theme.dirs = self.theme_folders
        sys.setrecursionlimit(self.recursion)
        return files

    @event_priority(_LAST)
    def _read(self, files: Files, config: MkDocsConfig) -> Files:
        if self.compared:
            report(self.compared, strict=config.strict)
            return Files([])
        _report_plugins(config, paths_below(Path(config.docs_dir))[0] - self.filed)
        self._begin(config)
        with in_one_line():
            record = self.making.read(self.found, map if self.serving else self.workers.results)
        report(record.compared, strict=config.strict)
        return _assets(files, config, self.assets)

    on_files = CombinedEvent(_give_back, _read)

    @event_priority(_FIRST)
    def _give_templates_back(self, env: Environment, config: MkDocsConfig, files: Files) -> Environment:
        """Other plugins find the theme's templates."""
        env.loader = FileSystemLoader(self.theme_folders)
        return env

    def _write_all(self, env: Environment, config: MkDocsConfig, files: Files) -> Environment:
        """Pages and files are written before MkDocs copies the assets; there are no pages that it knows of."""
        if not self.compared:
            with in_one_line():
                self._write(config)
                for file in files:  # MkDocs copies them
                    self.making.folder.tell(file.dest_uri)
        return env

    on_env = CombinedEvent(_give_templates_back, _write_all)

    def on_post_build(self, config: MkDocsConfig) -> None:
        with self.held:
            if not self.compared:
                self.making.folder.finish()
            self.open.close()
            if not self.compared:
                self._seal()
        # What others write when all is over is sealed then, once more.
        if not (self.serving or self.compared) and len(config.plugins.events["shutdown"]) > 1:
            self.sealed_again = True
        close_report(self.compared or self.making.record.compared, strict=config.strict)

    def _look_at_site(self, config: MkDocsConfig) -> None:
        """Where nothing has changed, renew the stamp; else hold the site's folder, and note what is not ours there."""
        site = self.project.site_dir
        given = config.site_url or "", additions(config), _template_folders(config)
        self.left = AsLeft(self.project, site, self.parts, *given, _host(config.theme.name))
        renewed = partial(self.left.renewed, self.alone)
        found = take(site, self.project.content_dir, self.held, renewed, lists=self.alone)
        self.found, self.compared = (found, None) if isinstance(found, SiteContents) else (None, found)

    def _seal(self) -> None:
        if self.serving:  # a preview is not published: it needs no proof
            return
        made = self.making
        with in_one_line():
            try:
                sealed = seal_site(
                    self.project, made.taken, self.parts, made.folder, self.left.host, made.plan.moves(),
                    others_write=not self.alone,
                )  # fmt: skip
                self.left.keep(made.taken, sealed, made.record.problems)
            except UnnamedError as wrong:
                log.info(f"the site is built, and not sealed: {wrong}")  # no fault of the record: --strict passes

    def on_shutdown(self) -> None:
        if self.later:
            self.later.stop()
        if self.sealed_again:
            with in_one_line(), alone_in(self.project.site_dir):
                self._seal()

    @event_priority(_LAST)  # it may end the build at once
    def on_build_error(self, error: Exception) -> None:
        if hasattr(self, "open"):  # it may have failed before it began
            self.open.close()
            self.held.close()
        end_in_one_line(error, serving=self.serving)

    @event_priority(_FIRST)  # what other plugins watch is watched by the new observer
    def on_serve(self, server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Look at the files as often as ``record serve`` does; MkDocs looks twice a second."""
        if self.linked:
            with in_one_line():
                raise UsageError(
                    f"'{min(self.linked)}' is a link to a folder, and 'mkdocs serve' watches what is behind it; "
                    "take the link away, or preview with 'record serve'"
                )
        watched = []
        for path in {config.docs_dir, config.config_file_path or config.docs_dir, *config.theme.dirs}:
            with suppress(KeyError):
                server.unwatch(path)
                watched.append(path)
        server.observer = type(server.observer)(timeout=min(0.5, max(0.1, len(self.filed) / 10_000)))
        for path in watched:
            server.watch(path)
        server.watch(str(templates_folder()))
        server.build_delay = min(server.build_delay, _SETTLE)
        return server

    def _begin(self, config: MkDocsConfig) -> None:
        """Before the record is read: what is in the folder, and who will render."""
        from loomworks_record.build.making import Making  # noqa: PLC0415 - a third of a second, if something has changed

        site_dir = Path(config.site_dir)
        if self.folder is None or self.folder.root != site_dir:
            self.folder = SiteFolder(site_dir)
        self.workers = self.open.enter_context(Workers(self.project.config.workers))
        self.workers.begin()
        self.making = Making(
            self.project, self.cache, self.folder, self.workers, config.site_url or "", additions(config),
            stays=not self.serving,
        )  # fmt: skip

    def _write(self, config: MkDocsConfig) -> None:
        before = self.making.record.compared
        after = self.making.write(_template_folders(config), progress(), self.later)
        report(after.compared, strict=config.strict, besides=before)


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
