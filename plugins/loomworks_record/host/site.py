"""From MkDocs' configuration to the record's own values; and whether it is still what its file says."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from loomworks_record.build.look import Additions
from loomworks_record.bundle.faults import ContentError
from loomworks_record.source.config import parse_config
from loomworks_record.source.project import Project, plugin_options, read_settings


def project_of(config: MkDocsConfig, options: Mapping[str, Any]) -> Project:
    """The project that MkDocs builds; ``options`` are those of the plugin."""
    file = Path(config.config_file_path).resolve() if config.config_file_path else None
    root = file.parent if file else Path.cwd()
    # A preview has another site_url in MkDocs' configuration: its own address. The record keeps its name.
    settings = read_settings(file) if file and file.is_file() else config
    chosen = parse_config(options, {**config, "site_url": settings.get("site_url")})
    return Project(root, Path(config.docs_dir), Path(config.site_dir), config.site_url or "", chosen)


def additions(config: MkDocsConfig) -> Additions:
    """What the user adds to every page."""
    sheets, scripts = map(str, config.extra_css), map(str, config.extra_javascript)
    return Additions(tuple(sheets), tuple(scripts), config.theme.get("palette"))


def refuse_other_settings(config: MkDocsConfig, options: Mapping[str, Any]) -> None:
    """ContentError where the file was written after MkDocs read it, and says something else now.

    ``options`` are those that MkDocs gave the plugin. To be called before any plugin changes what MkDocs read. MkDocs
    keeps no bytes, but the values that it found; of those, it takes the list of plugins to pieces.
    """
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # which MkDocs 1.6.1 shows to users
        settings = config.user_configs
    if not (config.config_file_path and settings and Path(config.config_file_path).is_file()):
        return
    file = Path(config.config_file_path)
    now = read_settings(file)
    if not (_agree(settings[0], now) and _agree(options, plugin_options(now))):
        raise ContentError(f"{file.name}: was changed while the site was built; build again")


def _agree(read: Any, now: Any, key: object = None) -> bool:
    if isinstance(read, Mapping) and isinstance(now, Mapping):
        if not read and len(now) == 1:
            return True  # an entry of a list of names with options, emptied
        return read.keys() == now.keys() and all(_agree(read[each], now[each], each) for each in read)
    if isinstance(read, list) and isinstance(now, list):
        return len(read) == len(now) and all(map(_agree, read, now))
    if key == "custom_dir" and isinstance(read, str) and isinstance(now, str):
        return Path(read).parts[-len(Path(now).parts) :] == Path(now).parts  # MkDocs makes it absolute in place
    if now is None or not isinstance(read, str | int | float):
        return True  # our reader makes nothing of a tag, MkDocs whatever it names
    return bool(read == now)
