"""From MkDocs' configuration to the record's own values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from loomworks_record.build.look import Additions
from loomworks_record.source.config import parse_config
from loomworks_record.source.project import Project
from loomworks_record.source.settings import read_settings


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
