"""The other plugins of a build: which can do nothing to a record, and which write among its documents."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.plugins import BasePlugin, PluginCollection

# Events of MkDocs' own pages. A record does not have those pages: its own are written by the record itself.
_OF_PAGES = frozenset(
    {"nav", "pre_page", "page_read_source", "page_markdown", "page_content", "page_context", "post_page"}
)
# Those whose green result is relied on: a check that looked at no page must not pass for one that found nothing.
_CHECKS = ("htmlproofer", "linkcheck", "check", "lint", "proof", "spell", "validat")


# Events by which nothing gets into a site.
_IDLE = frozenset({"startup", "serve", "config", "build_error"})


def are_alone(plugins: PluginCollection) -> bool:
    """Whether no other plugin, and no hook, has a part in a build."""
    events = (event for name, events in plugins.events.items() if name not in _IDLE for event in events)
    return all(_owner(plugins, event) == "record" for event in events)


def without_effect(plugins: PluginCollection) -> Iterator[tuple[str, bool]]:
    """The names of configured plugins that act on MkDocs' pages, in their order, and whether each is a check."""
    acting = {_owner(plugins, event) for name in _OF_PAGES for event in plugins.events[name]}
    for name in plugins:
        if name in acting and name != "record":
            yield name, any(word in name.lower() for word in _CHECKS)


def put_last(plugins: PluginCollection, own: BasePlugin[Any]) -> None:
    """Have ``own`` act after all others when a build ends: hooks of the lowest priority too, which come after plugins.
    """
    for name in ("post_build", "shutdown"):
        plugins.events[name].sort(key=lambda event: getattr(event, "__self__", None) is own)


def _owner(plugins: PluginCollection, event: object) -> str:
    """The configured name of the plugin that an event's method belongs to; "" for that of a hook."""
    return next((name for name, plugin in plugins.items() if plugin is getattr(event, "__self__", None)), "")


def paths_below(folder: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The paths of all files below a folder, relative to it, and of all symbolic links to folders."""
    files: set[str] = set()
    linked: set[str] = set()
    for where, folders, names in os.walk(folder):
        below = "" if where == str(folder) else f"{os.path.relpath(where, folder)}/"
        linked.update(below + name for name in folders if os.path.islink(f"{where}/{name}"))  # noqa: PTH114 - many
        files.update(below + name for name in names)
    return frozenset(files), frozenset(linked)
