"""The MkDocs plugin ``record``. Each hook is one call; what is built follows from the plan."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment
from mkdocs.config.base import Config, ConfigErrors, ConfigWarnings, LegacyConfig
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext
from pathspec.gitignore import GitIgnoreSpec

from loomworks_record.errors import RecordError
from loomworks_record.host.assets import asset_names
from loomworks_record.host.pages import RecordPage, page_file
from loomworks_record.host.sealing import seal_site
from loomworks_record.host.search import build_search, searched_content, searched_page
from loomworks_record.host.site import project_of, read_plan
from loomworks_record.pages import addresses
from loomworks_record.pages.document import DocumentPage
from loomworks_record.pages.plan import Plan, PlannedFile
from loomworks_record.pages.shell import PLACES
from loomworks_record.render.templates import environment, render_page, sources, templates_folder
from loomworks_record.source.config import parse_config
from loomworks_record.source.problem import Problem
from loomworks_record.source.project import Project

log = get_plugin_logger(__name__)

# Pages that MkDocs would make from Material's templates and that the record makes itself.
_OWN_TEMPLATES = ("404.html", "sitemap.xml")


class Options(Config):  # type: ignore[no-untyped-call]
    """MkDocs asks for a class of options; ours are checked by the record's own parser, see ``load_config``."""


class RecordPlugin(BasePlugin[Options]):  # type: ignore[no-untyped-call]
    """Publishes a record: documents, histories, phases, lists, search, machines' files."""

    project: Project
    plan: Plan
    templates: Environment
    assets: Mapping[str, str]
    searched: dict[str, bytes]  # the searched content of each document's page, by the document's path
    serving = False

    def on_startup(self, *, command: str, dirty: bool) -> None:
        self.serving = command == "serve"

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

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self.project = project_of(config, parse_config(self.options))
        # The record reads content/ itself; MkDocs would warn that it leaves a README.md beside an index.md out.
        config.exclude_docs = GitIgnoreSpec.from_lines(["README.md"])
        _use_templates(config)
        self.assets = asset_names(templates_folder())
        templates, relative = sources(_template_folders(config)), addresses.from_anywhere(config.site_url or "")
        self.templates = environment(templates, relative, self.assets)
        self.templates.globals["places"] = PLACES
        self.searched = {}
        return config

    @event_priority(-100)
    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        try:
            self.plan = read_plan(config, self.project)
        except RecordError as wrong:
            raise PluginError(str(wrong)) from None
        _report(self.plan.whole.problems, self.plan.known)
        return _planned(files, config, self.plan, self.assets)

    def on_page_context(
        self, context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        if isinstance(page, RecordPage):
            context["record_html"] = self._html(page)  # type: ignore[typeddict-unknown-key]
        return context

    def on_post_build(self, config: MkDocsConfig) -> None:
        site_dir = Path(config.site_dir)
        try:
            _write_files(site_dir, self.plan.files())
            if self.project.config.search:
                self._build_search(site_dir)
            if not self.serving:  # a preview is not published: it needs no proof
                seal_site(self.project, site_dir)
        except RecordError as wrong:
            raise PluginError(str(wrong)) from None

    def on_serve(self, server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        server.watch(str(templates_folder()))
        return server

    def _build_search(self, site_dir: Path) -> None:
        view = {path: addresses.view(path) for path in self.searched}
        pages = [searched_page(self.plan.whole.record, path, view[path], html) for path, html in self.searched.items()]
        build_search(site_dir, pages, {view[path]: html for path, html in self.searched.items()})

    def _html(self, page: RecordPage) -> str:
        planned = page.planned
        values = {"site": self.plan.site, **planned.values()}
        if planned.source is not None and self.project.config.search and isinstance(values["page"], DocumentPage):
            self.searched[planned.source] = searched_content(values["page"], values["text"]).html()
        return render_page(self.templates, planned.template, planned.address, values)


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


def _planned(files: Files, config: MkDocsConfig, plan: Plan, assets: Mapping[str, str]) -> Files:
    """The plan's pages in place of MkDocs' own, and of the theme only the files that our pages use."""
    kept = Files([file for file in files if _is_asset(file.abs_src_path, config)])
    for file in kept:
        file.dest_uri = assets.get(file.dest_uri, file.dest_uri)
    for planned in plan.pages():
        kept.append(page_file(config, planned))
    return kept


def _is_asset(source: str | None, config: MkDocsConfig) -> bool:
    """Our own assets and those of the user's ``custom_dir``; not the theme's, not what lies in content/.

    Given a relative ``--config-file``, hosts make ``custom_dir`` a relative path, so both sides are resolved.
    """
    if source is None:
        return False
    file = Path(source).resolve()
    folders = _template_folders(config)
    # Below record/ stand our templates, and what they include is no file of the site.
    return any(
        file.is_relative_to(folder.resolve()) and not file.is_relative_to((folder / "record").resolve())
        for folder in folders
    )


def _report(problems: Iterable[Problem], known: frozenset[Problem]) -> None:
    """Errors and warnings count under --strict; notices and what the baseline knows never do."""
    tell = {"error": log.error, "warning": log.warning, "notice": log.info}
    for problem in problems:
        say = log.info if problem in known else tell[problem.severity]
        say(str(problem))


def _write_files(site_dir: Path, files: Iterable[PlannedFile]) -> None:
    for planned in files:
        target = site_dir / planned.address
        target.parent.mkdir(parents=True, exist_ok=True)
        if planned.copy is not None:
            shutil.copyfile(planned.copy, target)
        elif planned.data is not None:
            target.write_bytes(planned.data())
