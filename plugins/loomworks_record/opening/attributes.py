"""Whether a repository keeps the filed bytes as they are when git checks it out."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

from loomworks_record.source.project import Project

ATTRIBUTES = ".gitattributes"
_KEEPING = frozenset({"-text", "binary", "-crlf", "eol=lf"})


def keeps_bytes(project: Project) -> bool:
    """Whether no checkout changes the line ends of content and log, as far as ``.gitattributes`` of the repository's
    top and of the project say. True outside a repository of git."""
    top = next((folder for folder in (project.root, *project.root.parents) if (folder / ".git").exists()), None)
    if top is None:
        return True
    probes = [project.content_dir / "a" / "b.md", project.log_file]
    return all(any(_keeps(folder, probe) for folder in {top, project.root}) for probe in probes if _below(probe, top))


def _below(probe: Path, folder: Path) -> bool:
    return probe.is_relative_to(folder)


def _keeps(folder: Path, probe: Path) -> bool:
    """What the last rule of a folder's file that fits says (gitattributes(5): a pattern without slash fits names)."""
    file = folder / ATTRIBUTES
    if not file.is_file() or not _below(probe, folder):
        return False
    path, kept = probe.relative_to(folder).as_posix(), False
    for line in file.read_text("utf-8", "replace").splitlines():
        pattern, *attributes = line.split() or [""]
        if pattern.startswith("#") or not pattern:
            continue
        anchored = pattern.lstrip("/")
        fits = fnmatch(path, anchored) if "/" in pattern.rstrip("/") else fnmatch(probe.name, anchored)
        if fits and any(each in _KEEPING or each.lstrip("-").partition("=")[0] == "text" for each in attributes):
            kept = bool(_KEEPING & set(attributes))
    return kept
