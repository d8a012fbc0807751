"""Whether the settings that MkDocs read are those that the configuration still has."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from loomworks_record.bundle.faults import ContentError
from loomworks_record.source.project import plugin_options
from loomworks_record.source.settings import read_settings


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
