"""What a checkout of git does to the filed bytes: whether it keeps them as they are, and which it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from loomworks_record.bundle.git import ask_git
from loomworks_record.source.problem import Problem
from loomworks_record.source.project import Project

ATTRIBUTES = ".gitattributes"
_KEEPING = frozenset({"-text", "binary", "-crlf", "eol=lf"})


def keeps_bytes(project: Project) -> bool:
    """Whether no checkout changes the line ends of content and log, as far as ``.gitattributes`` of the repository's
    top and of the project say. True outside a repository of git."""
    git = _git_of(project.root)
    if git is None:
        return True
    folders, probes = {git.parent, project.root}, (project.content_dir / "a" / "b.md", project.log_file)
    return all(any(_keeps(folder, probe) for folder in folders) for probe in probes if probe.is_relative_to(git.parent))


def _keeps(folder: Path, probe: Path) -> bool:
    """What the last rule of a folder's file that fits says (gitattributes(5): a pattern without slash fits names)."""
    file = folder / ATTRIBUTES
    if not file.is_file() or not probe.is_relative_to(folder):
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


_SPARSE = re.compile(r"^\s*sparsecheckout\s*(?:=\s*(?:true|yes|on|1)\s*)?$", re.IGNORECASE | re.MULTILINE)
_GIT_DIR = "gitdir:"


def left_out_problems(project: Project) -> Iterator[Problem]:
    """One, with the first path and their number, where the repository has files below ``content/`` that
    are not checked out. Git is asked only where its configuration says that a checkout is sparse."""
    if not _is_sparse(project.root):
        return
    answer = ask_git(project.content_dir, "ls-files", "-t", "-z", "--", ".") or b""
    listed = (each.decode("utf-8", "surrogateescape") for each in answer.split(b"\0"))
    paths = [each[2:] for each in listed if each.startswith("S ")]
    missing = [path for path in paths if not (project.content_dir / path).exists()]
    if missing:
        said = f"a sparse checkout leaves out {len(missing):,} of the files: what is shown as current may not be"
        yield Problem(missing[0], None, "file-not-checked-out", said)


def _is_sparse(root: Path) -> bool:
    """Whether the configuration of the repository or of this working tree says so (git-sparse-checkout(1))."""
    git = _git_of(root)
    if git is None:
        return False
    if git.is_file():  # a working tree beside the first one, or a submodule
        git = git.parent / _text(git).removeprefix(_GIT_DIR).strip()
    common = git / _text(git / "commondir").strip()
    return any(_SPARSE.search(_text(file)) for file in (git / "config.worktree", git / "config", common / "config"))


def _git_of(root: Path) -> Path | None:
    """The ``.git`` of the repository that a folder lies in."""
    return next((folder / ".git" for folder in (root, *root.parents) if (folder / ".git").exists()), None)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""
