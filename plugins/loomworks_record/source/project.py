"""A project: the folder with ``mkdocs.yml``, and what the record needs to know of it. MkDocs is not needed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from loomworks_record.source.config import ConfigError, RecordConfig, parse_config
from loomworks_record.source.settings import read_settings, settings_files

CONFIG_FILE = "mkdocs.yml"
LOG_FILE = "record.log.jsonl"


class Project(Struct, frozen=True):
    """Absolute paths, and the configuration. ``site_url`` is "" where none is set. ``is_own_content`` is False where
    another folder is read than the configured one: the project's log and baseline say nothing of that."""

    root: Path
    content_dir: Path
    site_dir: Path
    site_url: str
    config: RecordConfig
    is_own_content: bool = True

    @property
    def log_file(self) -> Path:
        return self.root / LOG_FILE

    @property
    def base(self) -> str:
        """The path of the host below which the site stands: "" at its root, else as "/records"."""
        return unquote(urlsplit(self.site_url).path).rstrip("/")

    def config_files(self) -> list[Path]:
        """``mkdocs.yml`` and the files that it inherits from; none where there is none."""
        return settings_files(self.root / CONFIG_FILE)


def load_project(start: Path, content: Path | None = None) -> Project:
    """The project that ``start`` lies in: the nearest folder upwards with a mkdocs.yml.

    Without one, ``start`` itself with the defaults. ``content`` overrides where the documents are.
    """
    here = start.resolve()
    root = next((folder for folder in (here, *here.parents) if os.path.lexists(folder / CONFIG_FILE)), None)
    settings = read_settings(root / CONFIG_FILE) if root else {}
    base = root or here
    own = base / str(settings.get("docs_dir", "content"))
    return Project(
        root=base,
        content_dir=content.resolve() if content else own,
        site_dir=base / str(settings.get("site_dir", "site")),
        site_url=_site_url(settings),
        config=parse_config(plugin_options(settings), settings),
        is_own_content=content is None or content.resolve() == own.resolve(),
    )


def _site_url(settings: Mapping[str, Any]) -> str:
    url = str(settings.get("site_url") or "")
    try:
        urlsplit(url)
    except ValueError as wrong:
        raise ConfigError(f"{CONFIG_FILE}: site_url: expected an https:// address, got '{url}' ({wrong})") from None
    return url


def plugin_options(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """The options of the plugin ``record``, as they are written."""
    plugins = settings.get("plugins") or []
    entries = plugins.items() if isinstance(plugins, Mapping) else _entries(plugins)
    for name, options in entries:
        if name == "record":
            return options if isinstance(options, Mapping) else {}
    return {}


def _entries(plugins: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for entry in plugins if isinstance(plugins, list) else []:
        found += (
            [(str(name), options) for name, options in entry.items()]
            if isinstance(entry, Mapping)
            else [(str(entry), {})]
        )
    return found
