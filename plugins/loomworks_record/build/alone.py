"""A site without a generator: what MkDocs has a part in, done here. The pages have the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from loomworks_record.build.assets import asset_names
from loomworks_record.build.cache_place import cache_to_build
from loomworks_record.build.finished import Finished
from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.following import follow_chains
from loomworks_record.build.gc_pause import unswept
from loomworks_record.build.look import Look
from loomworks_record.build.ownership import alone_in, leave_note, refuse_foreign
from loomworks_record.build.sealing import Read, parts_of, seal_site
from loomworks_record.build.search_later import SearchLater
from loomworks_record.build.site import write_site
from loomworks_record.build.to_build import Additions, open_to_build, plan_of
from loomworks_record.build.workers import Workers
from loomworks_record.opening.open_record import OpenRecord
from loomworks_record.render.templates import sources, templates_folder
from loomworks_record.source.config import ConfigError
from loomworks_record.source.project import CONFIG_FILE, Project
from loomworks_record.source.settings import read_settings, theme_of

# What MkDocs does not copy of a theme's folder, nor we of the user's: patterns of whole paths in lower case.
_NO_ASSETS = (
    *(".*", "*/.*", "*.py", "*.pyc", "*.html", "*readme*", "mkdocs_theme.yml", "locales/*"),
    *("*.md", "*.markdown", "*.mdown", "*.mkdn", "*.mkd"),
)

Progress = Callable[[int, int], None]


def build_alone(project: Project, site: Path, progress: Progress | None = None) -> OpenRecord:
    """Build the record of ``project`` into ``site`` and seal it; the record as it was read, with all its problems.

    Raises ForeignFolderError and BusyFolderError before anything is touched, LogError, ArchiveError, FilingError and
    BaselineError where nothing may be built, ContentError where what was read cannot be sealed, UnnamedError where the
    site is built and nothing names it.
    """
    others = refuse_foreign(site, project.content_dir)
    with alone_in(site):
        leave_note(site)
        parts, folder = parts_of(project), SiteFolder(site)
        record, read, moves = write_alone(project, folder, progress, others=others)
        seal_site(project, read, parts, folder, {}, moves)
    return record


def write_alone(
    project: Project,
    folder: SiteFolder,
    progress: Progress | None = None,
    site_url: str | None = None,
    others: frozenset[str] = frozenset(),
    later: SearchLater | None = None,
) -> tuple[OpenRecord, Read, dict[str, str]]:
    """Have every page and file of the record in ``folder``, not sealed; the record, what it was read from, and
    what leads on in it (see ``Plan.moves``).
    ``site_url``: where the site is looked at, if that is elsewhere than where it is published. ``others``: what is in
    the folder and none of ours. ``later`` takes over a search of which something has to be made first."""
    settings = read_settings(project.root / CONFIG_FILE) if (project.root / CONFIG_FILE).is_file() else {}
    with cache_to_build(project) as cache, Workers(project.config.workers) as workers:
        workers.begin()
        finished = Finished(cache, folder) if site_url is None else None  # a preview's folder is a new one each time
        folder.begin(others, finished.files if finished else None)
        with unswept():
            record, read = open_to_build(project, cache, workers.results)
            texts = follow_chains(record.whole, cache, workers)
            plan = plan_of(record, _site_url(project) if site_url is None else site_url, additions(settings))
        folders = template_folders(project, settings)
        look = Look(plan.site, sources(folders), asset_names(templates_folder()))
        take_over = partial(later.begin, project, record.whole, folder) if later else None
        counted = write_site(plan, look, cache, folder, workers, progress, take_over, texts, finished)
    for address, file in assets(folders):
        folder.put(look.assets.get(address, address), file.read_bytes())
    folder.finish()
    return record.with_problems(counted.problems), read, plan.moves()


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
        there = (file for file in folder.rglob("*") if file.is_file())
        for file in sorted(file for file in there if file.resolve().is_relative_to(whole)):  # no link leads out
            address = file.relative_to(folder).as_posix()
            if address not in taken and not address.startswith("record/") and _is_asset(address):
                taken.add(address)
                yield address, file


def _is_asset(address: str) -> bool:
    return not any(fnmatchcase(address.lower(), pattern) for pattern in _NO_ASSETS)


def _site_url(project: Project) -> str:
    """As MkDocs has it: with a final slash."""
    return f"{project.site_url.rstrip('/')}/" if project.site_url else ""
