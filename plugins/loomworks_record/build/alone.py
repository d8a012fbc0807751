"""A site without a generator: what MkDocs has a part in, done here. The pages have the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loomworks_record.build.as_left import AsLeft
from loomworks_record.build.assets import asset_names
from loomworks_record.build.cache_place import cache_to_build
from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.look import Additions
from loomworks_record.build.ownership import SiteContents, take
from loomworks_record.build.sealing import parts_of, seal_site
from loomworks_record.build.workers import Workers
from loomworks_record.render.templates import templates_folder
from loomworks_record.source.baseline import BaselineComparison
from loomworks_record.source.config import ConfigError
from loomworks_record.source.project import CONFIG_FILE, Project, files_below, read_settings, theme_of

# What MkDocs does not copy of a theme's folder, nor we of the user's: patterns of whole paths in lower case.
_NO_ASSETS = (
    *(".*", "*/.*", "*.py", "*.pyc", "*.html", "*readme*", "mkdocs_theme.yml", "locales/*"),
    *("*.md", "*.markdown", "*.mdown", "*.mkdn", "*.mkd"),
)

if TYPE_CHECKING:  # with all that makes pages
    from loomworks_record.build.making import Making
    from loomworks_record.build.search_later import SearchLater

Progress = Callable[[int, int], None]


def build_alone(project: Project, site: Path, progress: Progress | None = None) -> BaselineComparison:
    """Build the record of ``project`` into ``site`` and seal it; all problems of the record as it was read.

    Raises ForeignFolderError and BusyFolderError before anything is touched, LogError, ArchiveError, FilingError and
    BaselineError where nothing may be built, ContentError where what was read cannot be sealed, UnnamedError where the
    site is built and nothing names it.
    """
    settings = settings_of(project)
    folders = template_folders(project, settings)
    left = AsLeft(project, site, parts_of(project), _site_url(project), additions(settings), folders, {})
    with ExitStack() as held:
        found = take(site, project.content_dir, held, left.renewed)
        if not isinstance(found, SiteContents):
            return found
        folder = SiteFolder(site)
        made = write_alone(project, folder, progress, found=found)
        record = made.record
        sealed = seal_site(project, made.taken, left.parts, folder, left.host, made.plan.moves(), others_write=False)
        left.keep(made.taken, sealed, record.problems)
    return record.compared


def write_alone(
    project: Project,
    folder: SiteFolder,
    progress: Progress | None = None,
    site_url: str | None = None,
    found: SiteContents | None = None,
    later: SearchLater | None = None,
) -> Making:
    """Have every page and file of the record in ``folder``, not sealed; what was made, and of what.
    ``site_url``: where the site is looked at, if that is elsewhere than where it is published. ``found``: what
    stands in the folder, if that is known. ``later`` takes over the search."""
    from loomworks_record.build.making import Making  # noqa: PLC0415 - a third of a second, where something has changed

    settings = settings_of(project)
    folders, names = template_folders(project, settings), asset_names(templates_folder())
    with cache_to_build(project, later.left if later else None) as cache, Workers(project.config.workers) as workers:
        workers.begin()
        url, stays = _site_url(project) if site_url is None else site_url, site_url is None
        made = Making(project, cache, folder, workers, url, additions(settings), stays)
        made.read(found, workers.results)
        made.write(folders, progress, later)
    for address, file in assets(folders):
        folder.put(names.get(address, address), file.read_bytes())
    folder.finish()
    return made


def settings_of(project: Project) -> Mapping[str, Any]:
    """The settings of mkdocs.yml; none where there is no such file."""
    file = project.root / CONFIG_FILE
    return read_settings(file) if file.is_file() else {}


def additions(settings: Mapping[str, Any]) -> Additions:
    """What the user adds to every page, by the settings of mkdocs.yml."""
    sheets, given = settings.get("extra_css") or (), settings.get("extra_javascript") or ()
    scripts = (each.get("path") if isinstance(each, Mapping) else each for each in given)
    return Additions(tuple(map(str, sheets)), tuple(map(str, scripts)), theme_of(settings).get("palette"))


def template_folders(project: Project, settings: Mapping[str, Any]) -> list[Path]:
    """Where templates and assets come from: the user's ``custom_dir``, then ours."""
    own = theme_of(settings).get("custom_dir")
    if own and not (project.root / str(own)).is_dir():
        raise ConfigError(f"{CONFIG_FILE}: theme: custom_dir: there is no folder '{own}'; make it, or correct the path")
    return [*([project.root / str(own)] if own else []), templates_folder()]


def assets(folders: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Address and file of every asset; of two with one address the one in the earlier folder."""
    taken = set()
    for folder in folders:
        whole = folder.resolve()
        for file in (file for file in files_below(folder) if file.resolve().is_relative_to(whole)):  # no link leads out
            address = file.relative_to(folder).as_posix()
            if address not in taken and not address.startswith("record/") and _is_asset(address):
                taken.add(address)
                yield address, file


def _is_asset(address: str) -> bool:
    return not any(fnmatchcase(address.lower(), pattern) for pattern in _NO_ASSETS)


def _site_url(project: Project) -> str:
    """As MkDocs has it: with a final slash."""
    return f"{project.site_url.rstrip('/')}/" if project.site_url else ""
