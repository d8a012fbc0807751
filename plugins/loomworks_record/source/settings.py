"""The settings of a project, as MkDocs reads them: ``mkdocs.yml`` over the files that it inherits from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from loomworks_record.source.config import ConfigError

INHERIT = "INHERIT"


def read_settings(file: Path) -> Mapping[str, Any]:
    """What ``file`` sets; ConfigError, in one line, if it or one that it inherits from cannot be read.

    Mappings are merged key by key; of everything else, lists too, the nearer value counts.
    (mkdocs.org/user-guide/configuration/#configuration-inheritance)
    """
    merged: Mapping[str, Any] = {}
    for _, values in reversed(list(_inherited(file))):
        merged = _over(merged, values)
    return merged


def theme_of(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """The settings of the theme, its name among them; MkDocs takes the name alone too."""
    theme = settings.get("theme")
    return theme if isinstance(theme, Mapping) else {"name": theme}


def settings_files(file: Path) -> list[Path]:
    """``file`` and those that it inherits from, nearest first; none where there is no ``file``."""
    return [each for each, _ in _inherited(file)] if file.is_file() else []


def _inherited(file: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    seen: set[Path] = set()
    while True:
        values = dict(_values(file))
        seen.add(file.resolve())
        named = values.pop(INHERIT, "")
        yield file, values
        if not named:
            return
        if not isinstance(named, str):
            raise ConfigError(f"{file.name}: {INHERIT}: expected the path of another file, got {type(named).__name__}")
        # Without following links, as MkDocs does: "../base.yml" is beside the folder that the name says.
        other = Path(os.path.normpath(file.parent / named))
        if not other.is_file():
            raise ConfigError(f"{file.name}: {INHERIT}: there is no file {named}; correct the path")
        if other.resolve() in seen:
            raise ConfigError(f"{file.name}: {INHERIT}: {named} inherits from this file; take one of the two lines out")
        file = other


def _values(file: Path) -> Mapping[str, Any]:
    import yaml  # noqa: PLC0415 - a record without mkdocs.yml is listed without PyYAML's start-up time

    if not file.is_file():  # a pipe would be waited for; a link that leads nowhere is not the same as no file
        raise ConfigError(f"{file}: cannot be read; expected a regular file")
    try:
        values = yaml.load(file.read_text("utf-8"), Loader=_loader(yaml))
    except (UnicodeDecodeError, yaml.YAMLError) as wrong:
        raise ConfigError(f"{file.name} cannot be read: {' '.join(str(wrong).split())}") from None
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise ConfigError(f"{file.name}: expected settings 'key: value', got {type(values).__name__}")
    return values


def _loader(yaml: Any) -> Any:
    """MkDocs allows tags: ``!ENV`` gives what the environment holds; others are read as nothing and never run."""
    from yaml_env_tag import construct_env_tag  # noqa: PLC0415 - as for yaml

    loader: Any = type("SettingsLoader", (yaml.SafeLoader,), {})
    for prefix in ("!", "tag:yaml.org,2002:python/"):
        loader.add_multi_constructor(prefix, lambda loader, suffix, node: None)
    loader.add_constructor("!ENV", construct_env_tag)
    return loader


def _over(base: Mapping[str, Any], nearer: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**base, **nearer}
    for key in base.keys() & nearer.keys():
        if isinstance(base[key], Mapping) and isinstance(nearer[key], Mapping):
            merged[key] = _over(base[key], nearer[key])
    return merged
