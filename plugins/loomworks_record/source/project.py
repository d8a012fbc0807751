"""A project: the folder with ``mkdocs.yml``, its settings as MkDocs reads them (over the files that it inherits from),
and what the record needs to know of it. MkDocs is not needed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from loomworks_record.errors import raise_refusal
from loomworks_record.source.config import ConfigError, RecordConfig, parse_config

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


def files_below(folder: Path) -> list[Path]:
    """Every file of a folder of templates, sorted. Raises OSError where a part of it cannot be listed."""
    walked = os.walk(folder, onerror=raise_refusal)
    return sorted(file for top, _, names in walked for name in names if (file := Path(top, name)).is_file())


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
    is_named: bool = False  # whether the caller has named the content folder, else the settings have

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
        is_named=content is not None,
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
